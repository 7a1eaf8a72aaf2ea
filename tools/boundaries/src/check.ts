import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cruise, type ICruiseResult, type IForbiddenRuleType } from 'dependency-cruiser';
import { arrows, TESTS } from './arrows.js';
import { reachesOutside, type Reach } from './outside.js';
import { projectsOf, type Project, type ProjectType } from './projects.js';
import { outsideTheRooms, roomArrows } from './rooms.js';

export interface Violation {
  readonly rule: string;
  readonly where: string;
  readonly what: string;
}

interface Freedom {
  /** Files that may, besides tools and tests. */
  readonly files: RegExp;
  /** Types of project that may. */
  readonly types: readonly ProjectType[];
}

/** Who may reach for the time or the environment by itself. */
const freedoms: Readonly<Record<Reach['rule'], Freedom>> = {
  // The patch of kafkajs compares with instants that kafkajs took from the system.
  'time-from-the-clock': {
    files: /^libs\/kernel\/src\/clock[.]ts$|\/idle-timer-patch[.]ts$/u,
    types: ['tool'],
  },
  // A composition hands the environment over; a failpoint is set from outside a process that a test kills.
  'settings-from-config': { files: /\/src\/(?:config|failpoint)[.]ts$/u, types: ['tool', 'composition'] },
};
const inTests = new RegExp(TESTS, 'u');

/** The names of all rules. */
export const rules: readonly string[] = [
  ...[...arrows([]), ...roomArrows([])].map(({ name }) => name ?? ''),
  ...Object.keys(freedoms),
  'seven-rooms',
];

const sourcesOf = (root: string, { folder }: Project): string[] => {
  const src = join(root, folder, 'src');
  return existsSync(src)
    ? readdirSync(src, { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.ts'))
        .map((file) => `${folder}/src/${file}`)
    : [];
};

const cruised = async (
  root: string,
  projects: readonly Project[],
  forbidden: IForbiddenRuleType[],
): Promise<ICruiseResult> => {
  const alias = Object.fromEntries(
    projects.flatMap(({ name, folder, doors }) =>
      Object.entries({ [name]: 'src/index.ts', ...doors }).map(([door, source]) => [
        `${door}$`,
        join(root, folder, source),
      ]),
    ),
  );
  const { output } = await cruise(
    projects.map(({ folder }) => `${folder}/src`).filter((src) => existsSync(join(root, src))),
    {
      baseDir: root,
      parser: 'swc',
      tsPreCompilationDeps: true,
      validate: true,
      doNotFollow: { path: 'node_modules' },
      ruleSet: { forbidden },
    },
    { alias, extensions: ['.ts', '.js', '.mjs', '.json'], extensionAlias: { '.js': ['.ts', '.js'] } },
  );
  return output as ICruiseResult;
};

/** Which files of the workspace at `root` each of its files imports; types count. */
export const importsOf = async (root: string): Promise<ReadonlyMap<string, readonly string[]>> => {
  const { modules } = await cruised(root, projectsOf(root), []);
  return new Map(
    modules.map(({ source, dependencies }) => [source, dependencies.map(({ resolved }) => resolved)]),
  );
};

const imports = async (root: string, projects: readonly Project[]): Promise<Violation[]> => {
  const { summary } = await cruised(root, projects, [...arrows(projects), ...roomArrows(projects)]);
  return summary.violations.map(({ rule, from, to }) => ({
    rule: rule.name,
    where: from,
    what: `imports ${to}`,
  }));
};

const outside = (root: string, { type }: Project, file: string): Violation[] =>
  inTests.test(file)
    ? []
    : reachesOutside(readFileSync(join(root, file), 'utf8'))
        .filter(({ rule }) => !freedoms[rule].types.includes(type) && !freedoms[rule].files.test(file))
        .map(({ rule, line, what }) => ({ rule, where: `${file}:${line}`, what }));

/** Everything in the workspace at `root` that crosses a boundary. */
export const check = async (root: string): Promise<Violation[]> => {
  const projects = projectsOf(root);
  const sources = projects.map((project) => ({ project, files: sourcesOf(root, project) }));
  const outsiders = sources.flatMap(({ project, files }) =>
    files.flatMap((file) => outside(root, project, file)),
  );
  const rooms = outsideTheRooms(
    projects,
    sources.flatMap(({ files }) => files),
  ).map(({ file, allowed }) => ({
    rule: 'seven-rooms',
    where: file,
    what: `stands in none of ${allowed}`,
  }));
  return [...(await imports(root, projects)), ...outsiders, ...rooms];
};

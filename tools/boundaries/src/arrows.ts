import type { IForbiddenRuleType } from 'dependency-cruiser';
import type { Project, ProjectType } from './projects.js';

/** Which types of project each type may import, itself aside. Specs may import tests and tools besides. */
const mayImport: Readonly<Record<ProjectType, readonly ProjectType[]>> = {
  composition: ['composition', 'service', 'kit', 'contracts', 'kernel'],
  service: ['kit', 'contracts', 'kernel'],
  kit: ['kit', 'contracts', 'kernel'],
  contracts: ['kernel'],
  kernel: [],
  test: ['test', 'tool', 'composition', 'service', 'kit', 'contracts', 'kernel'],
  tool: ['tool', 'test', 'composition', 'service', 'kit', 'contracts', 'kernel'],
};

/** Specs and what only they use: fixtures, suites run on every adapter, the parts of the journeys. */
export const TESTS = '[.](spec|fixture)[.]ts$|/(conformance|journeys|testing)/';
const TEST_ONLY: readonly ProjectType[] = ['test', 'tool'];

const inside = (projects: readonly Project[]): string =>
  projects.length === 0 ? '(?!)' : `^(${projects.map(({ folder }) => folder).join('|')})/`;

const arrowsOf = (type: ProjectType, projects: readonly Project[]): IForbiddenRuleType => {
  const own = inside(projects.filter((project) => project.type === type));
  const others = projects.filter(
    (project) => !mayImport[type].includes(project.type) && !TEST_ONLY.includes(project.type),
  );
  return {
    name: `${type}-arrows`,
    comment: `type:${type} may import only ${mayImport[type].join(', ') || 'nothing'}`,
    severity: 'error',
    from: { path: own },
    // `$1` is the importing project: a project may import itself.
    to: { path: inside(others), pathNot: '^$1/' },
  };
};

const testOnly = (projects: readonly Project[]): IForbiddenRuleType => {
  const kept = projects.filter(({ type }) => TEST_ONLY.includes(type));
  return {
    name: 'tests-only-from-specs',
    comment: 'type:test and type:tool are imported by specs, tests and tools only',
    severity: 'error',
    from: { path: '^(apps|libs)/', pathNot: [TESTS, inside(kept)] },
    to: { path: [inside(kept), TESTS] },
  };
};

/** Rules between projects. Compositions, tests and tools stand above everything, so their rules would forbid nothing. */
export const arrows = (projects: readonly Project[]): IForbiddenRuleType[] => [
  ...(['service', 'kit', 'contracts', 'kernel'] as const).map((type) => arrowsOf(type, projects)),
  testOnly(projects),
  {
    name: 'through-the-front',
    comment: 'a project is imported by its name, never by a path into it',
    severity: 'error',
    from: { path: '^([^/]+/[^/]+)/src/' },
    to: { path: '^[^/]+/[^/]+/src/', pathNot: '^$1/', dependencyTypes: ['local'] },
  },
  {
    name: 'kernel-alone',
    comment: 'the kernel imports no package, not even of Node',
    severity: 'error',
    from: { path: inside(projects.filter(({ type }) => type === 'kernel')), pathNot: TESTS },
    to: { pathNot: '^(apps|libs|tools)/' },
  },
  {
    name: 'contracts-zod-only',
    comment: 'contracts are data: Zod and the kernel, no Nest, no I/O',
    severity: 'error',
    from: { path: inside(projects.filter(({ type }) => type === 'contracts')), pathNot: TESTS },
    to: { pathNot: ['^(apps|libs|tools)/', '(^|/)zod($|/)'] },
  },
  { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
  {
    name: 'resolvable',
    comment: 'what this checker cannot find it cannot judge',
    severity: 'error',
    from: {},
    to: { couldNotResolve: true, path: '^([.]|@linli/)' },
  },
];

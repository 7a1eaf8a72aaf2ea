import type { IForbiddenRuleType } from 'dependency-cruiser';
import { TESTS } from './arrows.js';
import type { Project } from './projects.js';

/** A new room needs a decision record (docs/decisions). */
export const rooms = [
  'commands',
  'consumers',
  'queries',
  'deadlines',
  'use-cases',
  'domain',
  'store',
  'clients',
] as const;
const DOORS = 'commands|consumers|queries|deadlines';

/** Rooms that one service has besides, by decision 0009. */
const ownRooms: Readonly<Record<string, readonly string[]>> = { 'apps/gateway': ['access', 'api'] };

const services = (projects: readonly Project[]): readonly Project[] =>
  projects.filter(({ type }) => type === 'service');

/** Files that may stand beside the rooms. */
const rootFile = (folder: string): RegExp => {
  const service = folder.split('/').at(-1);
  return new RegExp(
    `^(?:main|index|config|parts|published|${service}|${service}[.]module)[.]ts$|${TESTS}`,
    'u',
  );
};

/** Arrows between the rooms of a service. */
export const roomArrows = (projects: readonly Project[]): IForbiddenRuleType[] => {
  const folders = services(projects).map(({ folder }) => folder);
  const src = `^(${folders.join('|') || 'no service'})/src`;
  /** `apps/risk/src/risk.ts`: what the service consumes and tells, beside its module. */
  const definition = `^(?:${folders.map((folder) => `${folder}/src/${folder.split('/').at(-1)}[.]ts`).join('|')})$`;
  return [
    {
      name: 'domain-pure',
      comment: 'domain/ imports only itself and the kernel, not even a type from elsewhere',
      severity: 'error',
      from: { path: `${src}/domain/`, pathNot: TESTS },
      to: { pathNot: ['^$1/src/domain/', '^libs/kernel/'] },
    },
    {
      name: 'store-to-domain',
      comment: 'of the rooms, store/ knows only domain/',
      severity: 'error',
      from: { path: `${src}/store/`, pathNot: TESTS },
      to: { path: '^$1/src/', pathNot: '^$1/src/(store|domain)/' },
    },
    {
      name: 'clients-alone',
      comment: 'of the rooms, clients/ knows only domain/ and the settings',
      severity: 'error',
      from: { path: `${src}/clients/`, pathNot: TESTS },
      to: { path: '^$1/src/', pathNot: '^$1/src/(clients/|domain/|(config|parts)[.]ts$)' },
    },
    {
      name: 'doors-open-outwards',
      comment: 'nobody imports a door but the module file, the service definition, its own folder and specs',
      severity: 'error',
      from: { path: `${src}/`, pathNot: [TESTS, '[.]module[.]ts$', definition, `${src}/(${DOORS})/`] },
      to: { path: `^$1/src/(${DOORS})/` },
    },
    {
      name: 'doors-apart',
      comment: 'a door does not import another door',
      severity: 'error',
      from: { path: `${src}/(${DOORS})/`, pathNot: TESTS },
      to: { path: `^$1/src/(${DOORS})/`, pathNot: '^$1/src/$2/' },
    },
  ];
};

export interface Misplaced {
  readonly file: string;
  readonly allowed: string;
}

/** Files of services that stand in no room. `files` are paths from the root. */
export const outsideTheRooms = (projects: readonly Project[], files: readonly string[]): Misplaced[] =>
  services(projects).flatMap(({ folder }) => {
    const src = `${folder}/src/`;
    const allowed: readonly string[] = [...rooms, ...(ownRooms[folder] ?? [])];
    const placed = (file: string): boolean => {
      const [first = '', ...rest] = file.slice(src.length).split('/');
      return rest.length === 0 ? rootFile(folder).test(first) : allowed.includes(first);
    };
    return files
      .filter((file) => file.startsWith(src) && !placed(file))
      .map((file) => ({ file, allowed: allowed.join(', ') }));
  });

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const projectTypes = ['composition', 'service', 'kit', 'contracts', 'kernel', 'test', 'tool'] as const;
export type ProjectType = (typeof projectTypes)[number];

export interface Project {
  /** Package name. */
  readonly name: string;
  /** Path from the root of the workspace, with `/`. */
  readonly folder: string;
  readonly type: ProjectType;
  /** What it may be imported by, beside its name: the entries of its package, with their source files. */
  readonly doors: Readonly<Record<string, string>>;
}

interface Manifest {
  readonly name: string;
  readonly exports?: Readonly<Record<string, { readonly default?: string }>>;
  readonly nx?: { readonly tags?: readonly string[] };
}

const typeOf = ({ name, nx }: Manifest): ProjectType => {
  const tag = nx?.tags?.find((each) => each.startsWith('type:'))?.slice('type:'.length);
  const type = projectTypes.find((each) => each === tag);
  if (!type) {
    throw new Error(`${name} has no tag type:<${projectTypes.join('|')}> in its package.json`);
  }
  return type;
};

const sourceOf = (built: string): string => built.replace('./dist/', 'src/').replace(/[.]js$/u, '.ts');

const doorsOf = ({ name, exports = {} }: Manifest): Project['doors'] =>
  Object.fromEntries(
    Object.entries(exports).flatMap(([entry, { default: built }]) =>
      built === undefined ? [] : [[name + entry.slice(1), sourceOf(built)]],
    ),
  );

const projectAt = (root: string, folder: string): Project => {
  const manifest = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as Manifest;
  return { name: manifest.name, folder, type: typeOf(manifest), doors: doorsOf(manifest) };
};

/** The projects of the workspace at `root`, as their Nx tags declare them. */
export const projectsOf = (root: string): Project[] =>
  ['apps', 'libs', 'tools']
    .filter((group) => existsSync(join(root, group)))
    .flatMap((group) => readdirSync(join(root, group)).map((name) => `${group}/${name}`))
    .filter((folder) => existsSync(join(root, folder, 'package.json')))
    .map((folder) => projectAt(root, folder));

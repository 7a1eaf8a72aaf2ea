import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const tierOf = (file) => /\.(int|journey)\.spec\.[a-z]+$/u.exec(file)?.[1] ?? 'unit';

const specsBelow = (folder) =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true }).filter((file) => /\.spec\.(ts|mjs)$/u.test(file))
    : [];

/** The workspace projects below `root`, each with the tiers that it has spec files for. */
export const projects = (root) =>
  ['libs', 'apps', 'tools']
    .filter((group) => existsSync(join(root, group)))
    .flatMap((group) => readdirSync(join(root, group)).map((name) => join(group, name)))
    .filter((project) => existsSync(join(root, project, 'package.json')))
    .map((project) => {
      const source = existsSync(join(root, project, 'src')) ? 'src' : '.';
      return { project, tiers: [...new Set(specsBelow(join(root, project, source)).map(tierOf))].toSorted() };
    });

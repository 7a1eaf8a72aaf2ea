import type { Caught } from './check.js';
import type { Mutant } from './mutant.js';

export interface Verdict {
  readonly mutant: Mutant;
  readonly caught: Caught;
}

const SURVIVED = '**survived**';

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll(/\s+/gu, ' ');

const row = (name: string, without: string, caught: string): string => `| ${name} | ${without} | ${caught} |`;

/** The rows of an earlier page, by mutant. */
const rowsOf = (earlier: string): ReadonlyMap<string, string> =>
  new Map(
    earlier.split('\n').flatMap((line) => {
      const name = /^\| ([\w-]+) \|/u.exec(line)?.[1];
      return name ? [[name, line] as const] : [];
    }),
  );

/** The page `docs/generated/mutants.md`: what was run now, and for the others what the earlier page says. */
export const page = (all: readonly Mutant[], verdicts: readonly Verdict[], earlier: string): string => {
  const known = rowsOf(earlier);
  const now = new Map(
    verdicts.map(({ mutant: { name, without }, caught }) => [
      name,
      row(name, cell(without), cell(caught ?? SURVIVED)),
    ]),
  );
  const rows = all.flatMap(({ name }) => now.get(name) ?? known.get(name) ?? []);
  const survivors = rows.filter((line) => line.includes(SURVIVED)).length;
  return [
    '# Mutants',
    '',
    'Each guard of the road taken out by a small patch (`npm run mutants`, nightly), and the first thing that went red',
    'without it. What a seed shows can be replayed in a tree with the patch: `npm run simulate -- --seed N`.',
    '',
    `${rows.length} of ${all.length} mutants run: ${rows.length - survivors} caught, ${survivors} survived.`,
    '',
    '| mutant | the guard that is missing | caught by |',
    '| --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
};

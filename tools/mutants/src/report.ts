import type { Mutant } from './mutant.js';
import type { Caught } from './check.js';

export interface Verdict {
  readonly mutant: Mutant;
  readonly caught: Caught;
}

const cell = (text: string): string => text.replaceAll('|', '\\|');

/** The page `docs/generated/mutants.md`. */
export const page = (verdicts: readonly Verdict[]): string => {
  const survivors = verdicts.filter(({ caught }) => caught === null).length;
  return [
    '# Mutants',
    '',
    'Each guard of the road taken out by a small patch (`npm run mutants`, nightly), and the first thing that went red',
    'without it. The seeds are of `npm run simulate -- --seed N`.',
    '',
    `${verdicts.length} mutants, ${verdicts.length - survivors} caught, ${survivors} survived.`,
    '',
    '| mutant | the guard that is missing | caught by |',
    '| --- | --- | --- |',
    ...verdicts.map(
      ({ mutant, caught }) =>
        `| ${mutant.name} | ${cell(mutant.without)} | ${cell(caught ?? '**survived**')} |`,
    ),
    '',
  ].join('\n');
};

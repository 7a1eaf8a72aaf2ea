import type { Counts } from '../counts.js';
import type { Suite } from '../suite.js';
import type { Result } from './results.js';

/** Times and sizes are not summed: the worst is told. */
const isExtreme = (name: string): boolean => /^(slowest|highest|idle|points)/u.test(name);

const together = (all: readonly Counts[]): Counts => {
  const sums: Record<string, number> = {};
  for (const counts of all)
    for (const [name, count] of Object.entries(counts)) {
      const before = sums[name] ?? 0;
      sums[name] = isExtreme(name) ? Math.max(before, count) : before + count;
    }
  return sums;
};

const words = (name: string): string => name.replaceAll(/([A-Z])/gu, ' $1').toLowerCase();

const listed = (counts: Counts): string =>
  Object.entries(counts)
    .map(([name, count]) => `${count.toLocaleString('en-US')} ${words(name)}`)
    .join(', ');

const section = ({ id, promise, attack }: Suite, results: readonly Result[]): string[] => {
  const own = results.filter(({ suite }) => suite === id);
  const last = own.at(-1);
  const head = [`## ${id}`, '', promise, '', `Attacked by: ${attack}.`, ''];
  if (!last) return [...head, 'Not run yet.', ''];
  const held = own.filter(({ verdict }) => verdict === 'held');
  const broken = own.filter(({ verdict }) => verdict === 'broken').length;
  return [
    ...head,
    `- Runs: ${own.length}, held ${held.length}, broken ${broken}, showed nothing ${own.length - held.length - broken}.`,
    `- All that held, together: ${listed(together(held.map(({ counts }) => counts)))}.`,
    `- Last: ${last.date}, seed ${last.seed}, ${last.seconds} s, **${last.verdict}**: ${listed(last.counts)}.`,
    '',
  ];
};

/** What was promised, how it was attacked, how often it held. */
export const page = (suites: readonly Suite[], results: readonly Result[]): string =>
  [
    '# Promises under fire',
    '',
    'Written by `npm run proof` from `promises.json`, where every run is kept. Each run asserts that its faults took place;',
    'one whose faults did not shows nothing. Verdicts come from recorded histories of clients and from the rows of the',
    'database. No failure in n trials says: less than 3/n of such faults do harm, with 95 % confidence.',
    '',
    ...suites.flatMap((suite) => section(suite, results)),
  ].join('\n');

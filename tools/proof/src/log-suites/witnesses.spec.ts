import { describe, expect, it } from '@jest/globals';
import { partitionOf, type TopicSpec } from '@linli/contracts';
import { checkFacts, checkTold, type HeardRow, type JournalRow } from './witnesses.js';

const topic: TopicSpec = { name: 'spec.facts.v1', partitions: 2, holds: 'facts' };
const keys = ['a', 'b', 'c', 'd'].toSorted((one, two) => partitionOf(one, topic) - partitionOf(two, topic));
const [first = '', last = ''] = [keys[0], keys.at(-1)];

const journal: JournalRow[] = [
  ...[1, 2, 3].map((seq) => ({ part: partitionOf(first, topic), seq, event_id: `x${seq}`, key: first })),
  ...[1, 2].map((seq) => ({ part: partitionOf(last, topic), seq, event_id: `y${seq}`, key: last })),
];
const x = (n: number): HeardRow => ({ event_id: `x${n}`, key: first, version: n });
const y = (n: number): HeardRow => ({ event_id: `y${n}`, key: last, version: n });
const faults = (rows: JournalRow[], heard: HeardRow[]): string[] =>
  checkFacts(topic, rows, heard).filter((fault) => fault !== null);

describe('the check of facts', () => {
  it('takes lists that are equal per stream, whatever the order between streams', () => {
    expect(partitionOf(first, topic)).not.toBe(partitionOf(last, topic));
    expect(faults(journal, [x(1), y(1), x(2), y(2), x(3)])).toEqual([]);
    expect(faults(journal, [y(1), y(2), x(1), x(2), x(3)])).toEqual([]);
  });

  it.each([
    ['a fact that was not heard', [x(1), x(3), y(1), y(2)]],
    ['one heard twice', [x(1), x(2), x(2), x(3), y(1), y(2)]],
    ['two that changed places', [x(2), x(1), x(3), y(1), y(2)]],
    ['one that nobody told', [x(1), x(2), x(3), x(4), y(1), y(2)]],
    ['a tail that is missing', [x(1), x(2), x(3), y(1)]],
  ])('finds %s', (_, heard) => {
    expect(faults(journal, heard)).not.toEqual([]);
  });

  it('finds a hole in the journal, also when the hole was not heard either', () => {
    const holed = journal.filter(({ event_id }) => event_id !== 'x2');
    const heard = [x(1), { ...x(3), version: 2 }, y(1), y(2)];
    expect(faults(holed, heard)).toEqual([expect.stringContaining('seq of spec.facts.v1/')]);
  });
});

describe('the check of commands', () => {
  const sent = [1, 2, 3].map((n) => ({ key: 'a', n }));
  const done = (...list: number[]) => list.map((n) => ({ command_id: `${n}`, key: 'a', n }));

  it.each([
    ['none when each was done once, in order', done(1, 2, 3), 0],
    ['one that was lost', done(1, 3), 1],
    ['one done twice, as a double and as a wrong list', done(1, 2, 2, 3), 2],
    ['two in the wrong order', done(2, 1, 3), 1],
  ])('finds %s', (_, told, count) => {
    expect(checkTold(sent, told).filter((fault) => fault !== null)).toHaveLength(count);
  });
});

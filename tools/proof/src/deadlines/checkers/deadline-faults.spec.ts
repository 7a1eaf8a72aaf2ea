import { describe, expect, it } from '@jest/globals';
import type { AskedRow, Evidence, FiringRow } from '../evidence.js';
import { deadlineFaults, judgeDeadlines } from './judge.js';
import { shareOver, termsByVersion } from './oracle.js';

const START = 1_700_000_000_000;
const MINUTE = 60_000;
const topic = { name: 'spec.commands.v1', partitions: 1, holds: 'commands' } as const;

const wish = (id: string, due: number) => ({
  ...{ id, aggregateId: `aggregate of ${id}`, clock: 'K_PLAIN', from: due - MINUTE, minutes: 1, steps: [] },
});

const rungsAt = (due: number, ladder = false) => [
  ...(ladder ? [{ name: 'early', at: due - 12_000, due: false }] : []),
  { name: 'due', at: due, due: true },
];

const firing = (deadlineId: string, at: number, over: Partial<FiringRow> = {}): FiringRow => ({
  ...{ deadlineId, round: 0, rung: 0, version: 1, name: 'due', at, claimedAt: at + 300, annulled: false },
  ...{ sweep: '1', ...over },
});

const heard = (deadlineId: string, at: number, over: Partial<Evidence['heard'][number]> = {}) => ({
  ...{ deadlineId, round: 0, rung: 0, counts: true, at, ...over },
});

const armed = (deadlineId: string, due: number) => ({
  ...{ deadlineId, version: 1, kind: 'arm', due, recordedAt: START - 1_000 },
});

const asked = (deadlineId: string, over: Partial<AskedRow>): AskedRow => ({
  ...{ deadlineId, change: { kind: 'end' }, version: 2, refused: null, inTime: true },
  ...{ appendedAt: START, doneAt: START + 10, ...over },
});

const stands = (id: string, rungs: Evidence['deadlines'][number]['rungs'], over: object) => ({
  ...{ id, aggregateId: `aggregate of ${id}`, state: 'fired', next: rungs.length, nextAt: null },
  ...{ endedAt: null, round: 0, rungs, ...over },
});

/**
 * An honest run: `plain` fires; `ended` is accepted 50 ms before its due time and done after it, when it had been taken;
 * `moved` is paused for 2 s after its first rung, which is reached anew.
 */
const honest = (): Evidence => ({
  wishes: [wish('plain', START + 1_000), wish('ended', START + 2_000), wish('moved', START + 15_000)],
  asked: [
    asked('ended', { appendedAt: START + 1_950, doneAt: START + 2_600 }),
    asked('moved', {
      ...{ change: { kind: 'pause', forMs: 2_000 }, appendedAt: START + 2_900, doneAt: START + 3_500 },
    }),
  ],
  heard: [
    heard('plain', START + 1_400),
    heard('ended', START + 2_700, { counts: false }),
    heard('moved', START + 3_600, { counts: false }),
    heard('moved', START + 5_400, { round: 1 }),
    heard('moved', START + 17_400, { round: 1, rung: 1 }),
  ],
  firings: [
    firing('plain', START + 1_000),
    firing('ended', START + 2_000),
    firing('moved', START + 3_000, { name: 'early', annulled: true }),
    firing('moved', START + 5_000, { name: 'early', round: 1, version: 2 }),
    firing('moved', START + 17_000, { round: 1, rung: 1, version: 2 }),
  ],
  deadlines: [
    stands('plain', rungsAt(START + 1_000), {}),
    stands('ended', rungsAt(START + 2_000), { state: 'cancelled', endedAt: START + 1_950 }),
    stands('moved', rungsAt(START + 17_000, true), { round: 1 }),
  ],
  versions: [
    armed('plain', START + 1_000),
    armed('ended', START + 2_000),
    { ...armed('ended', START + 2_000), version: 2, kind: 'end', recordedAt: START + 2_600 },
    armed('moved', START + 15_000),
    { ...armed('moved', START + 17_000), version: 2, kind: 'pause', recordedAt: START + 3_500 },
  ],
  dark: [],
  recoveries: [],
});

const broken = (change: (evidence: Evidence) => Partial<Evidence>): string[] => {
  const evidence = honest();
  return [...deadlineFaults({ ...evidence, ...change(evidence) })];
};

const replaced = <T>(list: readonly T[], n: number, over: Partial<T>): T[] =>
  list.map((one, at) => (at === n ? { ...one, ...over } : one));

describe('the checkers of deadlines', () => {
  it('find nothing wrong with an honest run, and count it', () => {
    expect(deadlineFaults(honest())).toEqual([]);
    expect(judgeDeadlines(honest())).toMatchObject({
      ...{ deadlines: 3, fired: 2, cancelled: 1, rungs: 5, changes: 2, rewound: 1, annulled: 1 },
      ...{ inTimeButDoneLater: 1, slowestMs: 300 },
    });
  });

  it.each<[string, (evidence: Evidence) => Partial<Evidence>, string]>([
    [
      'a deadline that vanished',
      ({ deadlines }) => ({ deadlines: deadlines.slice(1) }),
      'did not end as fired or cancelled',
    ],
    [
      'one that is due and nothing more',
      ({ deadlines }) => ({ deadlines: replaced(deadlines, 0, { state: 'due' }) }),
      'did not end as fired or cancelled',
    ],
    [
      'one that fired, as it says, and nobody heard',
      ({ heard: all }) => ({ heard: replaced(all, 0, { counts: false }) }),
      'did not end as fired or cancelled',
    ],
    [
      'one that is cancelled and was told to be due',
      ({ heard: all }) => ({ heard: replaced(all, 1, { counts: true }) }),
      'did not end as fired or cancelled',
    ],
    [
      'one that nobody wished',
      ({ wishes }) => ({ wishes: wishes.slice(1) }),
      '1 × a deadline that nobody wished',
    ],
    [
      'an end in time that came to nothing',
      ({ deadlines }) => ({ deadlines: replaced(deadlines, 1, { state: 'fired' }) }),
      'fired though it had been ended in time',
    ],
    [
      'an end in time that was judged to be late',
      ({ asked: all }) => ({ asked: replaced(all, 0, { inTime: false }) }),
      'an end that was judged wrongly',
    ],
    [
      'a late end that was judged to be in time',
      ({ asked: all }) => ({ asked: replaced(all, 0, { appendedAt: START + 2_001 }) }),
      'an end that was judged wrongly',
    ],
    [
      'a firing that counts after the end',
      ({ heard: all }) => ({ heard: replaced(all, 1, { counts: true }) }),
      'a firing that counted after the end',
    ],
    [
      'a rung taken twice',
      ({ firings }) => ({ firings: [...firings, firing('plain', START + 1_000)] }),
      'rungs taken: 1 more than once',
    ],
    [
      'a rung heard of twice',
      ({ heard: all }) => ({ heard: [...all, heard('plain', START + 1_500)] }),
      'rungs heard of: 1 more than once',
    ],
    [
      'a rung heard of that was not taken',
      ({ heard: all }) => ({ heard: [...all, heard('plain', START + 1_500, { round: 4 })] }),
      'a rung heard of that nobody took',
    ],
    [
      'a rung taken and not heard of',
      ({ heard: all }) => ({ heard: all.filter(({ deadlineId }) => deadlineId !== 'ended') }),
      'a rung that its aggregate did not hear of',
    ],
    [
      'a rung that did not count for no reason',
      ({ heard: all }) => ({ heard: replaced(all, 3, { counts: false }) }),
      'did not count though nothing had changed',
    ],
    [
      'a rung that was missed',
      ({ firings, heard: all }) => ({ firings: firings.toSpliced(3, 1), heard: all.toSpliced(3, 1) }),
      'rungs missed or taken twice',
    ],
    [
      'the rest of a ladder that was forgotten',
      ({ deadlines }) => ({ deadlines: replaced(deadlines, 2, { next: 1 }) }),
      'rungs missed or taken twice',
    ],
    [
      'a rung after a later one',
      ({ firings }) => ({ firings: replaced(firings, 3, { claimedAt: START + 18_000 }) }),
      'a rung taken after a later one',
    ],
    [
      'a rung before its time',
      ({ firings }) => ({ firings: replaced(firings, 0, { claimedAt: START + 999 }) }),
      'a rung taken before its time',
    ],
    [
      'a rung at its time, which was reckoned too early',
      ({ firings }) => ({ firings: replaced(firings, 4, { at: START + 15_000, claimedAt: START + 15_300 }) }),
      'a rung taken before its time',
    ],
    [
      'a due time that forgot a pause',
      ({ versions }) => ({ versions: replaced(versions, 4, { due: START + 15_000 }) }),
      'a due time that is not what its ledger comes to',
    ],
    [
      'a rung more than five seconds late',
      ({ firings }) => ({ firings: replaced(firings, 0, { claimedAt: START + 6_001 }) }),
      'more than five seconds late',
    ],
    [
      'a deadline that was overlooked until it ended',
      ({ firings, heard: all, deadlines, versions }) => ({
        ...{ firings: firings.toSpliced(1, 1), heard: all.toSpliced(1, 1) },
        deadlines: replaced(deadlines, 1, { next: 0 }),
        versions: replaced(versions, 2, { recordedAt: START + 7_100 }),
      }),
      'a rung that was overlooked until its deadline ended',
    ],
  ])('find %s', (_, change, found) => {
    expect(broken(change).join('\n')).toContain(found);
  });

  it('do not call late what fell due while nobody ran, nor what was moved into the past', () => {
    const late = ({ firings }: Evidence) => ({
      firings: replaced(firings, 0, { claimedAt: START + 11_000 }),
    });
    expect(broken(late)).toHaveLength(1);
    expect(broken((one) => ({ ...late(one), dark: [{ from: START + 900, to: START + 8_000 }] }))).toEqual([]);
    expect(
      broken((one) => ({ ...late(one), dark: [{ from: START + 900, to: START + 5_000 }] })),
    ).toHaveLength(1);
    expect(
      broken((one) => ({
        ...late(one),
        versions: replaced(one.versions, 0, { recordedAt: START + 9_000 }),
      })),
    ).toEqual([]);
  });
});

/** Four that fell due while nobody ran, taken by two sweeps. */
const recovered = (sweeps: readonly string[], order: readonly number[]): Evidence => {
  const ids = ['a', 'b', 'c', 'd'];
  const due = (n: number): number => START + n * 10;
  const back = START + 5_000;
  return {
    ...{ asked: [], dark: [{ from: START - 10, to: back }] },
    wishes: ids.map((id, n) => wish(id, due(n))),
    firings: ids.map((id, n) =>
      firing(id, due(n), { sweep: sweeps[n] ?? '', claimedAt: back + Number(sweeps[n]) }),
    ),
    heard: order.map((n) => heard(ids[n] ?? '', back + 100)),
    deadlines: ids.map((id, n) => stands(id, rungsAt(due(n)), {})),
    versions: ids.map((id, n) => armed(id, due(n))),
    recoveries: [{ from: back, to: back + 1_000, topic, ids: new Set(ids) }],
  };
};

describe('the order after an outage', () => {
  it('is oldest first, sweep by sweep, whatever the order within one', () => {
    expect(deadlineFaults(recovered(['1', '1', '2', '2'], [0, 1, 2, 3]))).toEqual([]);
  });

  it('is broken by a sweep that leaves something older behind', () => {
    const [fault] = deadlineFaults(recovered(['1', '2', '1', '2'], [0, 1, 2, 3]));
    expect(fault).toContain('1 × a sweep that left something older behind');
  });

  it('is broken by a firing that is heard before an older one', () => {
    const [fault] = deadlineFaults(recovered(['1', '1', '2', '2'], [0, 2, 1, 3]));
    expect(fault).toContain('1 × a firing heard before an older one');
  });
});

describe('our own reckoning', () => {
  const changes = [
    asked('x', { version: 2, change: { kind: 'pause', forMs: null }, appendedAt: START + 10_000 }),
    asked('x', { version: 3, change: { kind: 'resume' }, appendedAt: START + 12_000 }),
    asked('x', { version: 4, change: { kind: 'extend', minutes: 1 } }),
    asked('x', { version: 5, change: { kind: 'change', minutes: 2 } }),
    asked('x', { version: 0, refused: 'DEADLINE_ENDED', change: { kind: 'extend', minutes: 9 } }),
  ];
  const terms = termsByVersion(wish('x', START + MINUTE), changes);
  const due = (version: number, share?: number): number | null => {
    const own = terms.get(version);
    return own ? shareOver(own, share) : null;
  };

  it('adds up pauses, extensions and new budgets, and knows where it stands still', () => {
    expect([1, 2, 3, 4, 5].map((version) => due(version))).toEqual([
      ...[START + MINUTE, null, START + MINUTE + 2_000],
      ...[START + 2 * MINUTE + 2_000, START + 3 * MINUTE + 2_000],
    ]);
    expect(due(2, 0.1)).toBe(START + 6_000);
    expect(due(3, 0.8)).toBe(START + 50_000);
  });
});

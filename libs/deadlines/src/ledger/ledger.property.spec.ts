import type { Budget } from '@linli/contracts';
import { describe, expect, it } from '@jest/globals';
import { HOUR, MINUTE } from '@linli/kernel';
import * as fc from 'fast-check';
import { at } from '../calendar/published.fixture.js';
import { reckon } from '../reckoning/reckon.js';
import type { Amendment } from './amendment.js';
import { termsOf, type Deadline, type LedgerEntry } from './deadline.js';
import { explanationOf } from './explanation.js';
import { amending, armed, calendar } from './ledger.fixture.js';

const START = at('2026-03-02 09:00');

/** A change, and how many minutes after the one before. */
type Step = readonly [after: number, amendment: Amendment];

const budgets = fc.constantFrom<Budget>(
  { basis: 'wall', amount: 20, unit: 'hours' },
  { basis: 'working', amount: 20, unit: 'hours' },
  { basis: 'calendar', amount: 12, unit: 'days' },
);
const stepsFor = (budget: Budget): fc.Arbitrary<readonly Step[]> =>
  fc.array(
    fc.tuple(
      fc.integer({ min: 0, max: 900 }),
      fc.oneof(
        fc.constant<Amendment>({ kind: 'pause' }),
        fc.constant<Amendment>({ kind: 'resume' }),
        fc
          .integer({ min: 1, max: 9 })
          .map((amount): Amendment => ({ kind: 'extend', more: { ...budget, amount } })),
      ),
    ),
    { maxLength: 12 },
  );
const stories = budgets.chain((budget) => fc.tuple(fc.constant(budget), stepsFor(budget)));

const played = (budget: Budget, steps: readonly Step[]): { deadline: Deadline; entries: LedgerEntry[] } => {
  let deadline = armed({ budget, from: START });
  const entries: LedgerEntry[] = [];
  let now = START;
  for (const [after, amendment] of steps) {
    now += after * MINUTE;
    const done = amending(deadline, amendment, now);
    if ('refusal' in done) continue;
    deadline = done.deadline;
    entries.push(done.entry);
  }
  return { deadline, entries };
};

const resumedAtEnd = (deadline: Deadline): Deadline => {
  const last = deadline.suspensions.at(-1);
  if (last?.to !== null) return deadline;
  const done = amending(deadline, { kind: 'resume' }, last.from + 5 * HOUR);
  return 'refusal' in done ? deadline : done.deadline;
};

describe('pauses, resumptions and extensions in any order', () => {
  it('sum up: what counted is the budget and all extensions, with neither gap nor overlap', () => {
    fc.assert(
      fc.property(stories, ([budget, steps]) => {
        const deadline = resumedAtEnd(played(budget, steps).deadline);
        const { due, intervals } = explanationOf(deadline, calendar, START);
        expect(due).toBe(deadline.due);
        expect(intervals[0]?.from).toBe(START);
        expect(intervals.at(-1)?.to).toBe(due);
        intervals.slice(1).forEach((one, n) => expect(one.from).toBe(intervals[n]?.to));
        const counted = intervals
          .filter(({ kind }) => kind === 'counted')
          .reduce((sum, { from, to }) => sum + to - from, 0);
        const total = deadline.extensions.reduce((sum, { amount }) => sum + amount, budget.amount);
        expect(counted).toBe(total * (budget.unit === 'days' ? 24 : 1) * HOUR);
      }),
      { numRuns: 300 },
    );
  });

  it('in wall time end where adding up ends', () => {
    fc.assert(
      fc.property(stepsFor({ basis: 'wall', amount: 20, unit: 'hours' }), (steps) => {
        const deadline = resumedAtEnd(played({ basis: 'wall', amount: 20, unit: 'hours' }, steps).deadline);
        let due = START + (20 + deadline.extensions.reduce((sum, { amount }) => sum + amount, 0)) * HOUR;
        for (const { from, to } of deadline.suspensions) if (from < due) due += (to ?? 0) - from;
        expect(deadline.due).toBe(due);
      }),
      { numRuns: 300 },
    );
  });

  it('lose nothing: from the ledger alone the same deadline comes out', () => {
    fc.assert(
      fc.property(stories, ([budget, steps]) => {
        const { deadline, entries } = played(budget, steps);
        expect(entries.map(({ version }) => version)).toEqual(entries.map((_, n) => n + 2));
        const replayed = entries.reduce(
          (from, { kind, body, at: when }) => {
            const done = amending(from, { kind, ...(body as object) } as Amendment, when);
            if ('refusal' in done) throw new Error(done.refusal.code);
            return done.deadline;
          },
          armed({ budget, from: START }),
        );
        expect(replayed).toEqual(deadline);
        expect(reckon(termsOf(deadline), calendar).due).toBe(deadline.due);
      }),
      { numRuns: 200 },
    );
  });

  it('come to the same in whatever order extensions were granted', () => {
    fc.assert(
      fc.property(stories, ([budget, steps]) => {
        const first = [...steps.filter(([, { kind }]) => kind === 'extend').map(([, one]): Step => [0, one])];
        let skipped = 0;
        const rest = steps.flatMap(([after, one]): Step[] => {
          skipped += after;
          if (one.kind === 'extend') return [];
          const step: Step = [skipped, one];
          skipped = 0;
          return [step];
        });
        expect(played(budget, [...first, ...rest]).deadline.due).toBe(played(budget, steps).deadline.due);
      }),
      { numRuns: 200 },
    );
  });

  it('keep the ladder in order', () => {
    fc.assert(
      fc.property(stories, ([budget, steps]) => {
        const { rungs } = played(budget, steps).deadline;
        const times = rungs.map(({ at: instant }) => instant ?? Infinity);
        expect(times).toEqual(times.toSorted((a, b) => a - b));
      }),
      { numRuns: 200 },
    );
  });
});

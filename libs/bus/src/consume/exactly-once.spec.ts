import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { aCommand, COMMANDS, connectionLost, poison, uuid, Workbench, type Member } from './workbench.js';

const KEYS = 4;

interface Plan {
  /** Key of each command; command n is the nth. */
  readonly keys: readonly number[];
  /** Which of the commands come again, and how much later. */
  readonly repeats: readonly { readonly n: number; readonly later: number }[];
  readonly bad: readonly number[];
  /** What happens next: who is given how many records, and how its transactions end. */
  readonly steps: readonly {
    readonly member: number;
    readonly count: number;
    readonly back: number;
    readonly fault: 'none' | 'before' | 'inside' | 'lost answer' | 'new process';
    readonly nth: number;
  }[];
}

const plans: fc.Arbitrary<Plan> = fc.record({
  keys: fc.array(fc.nat(KEYS - 1), { minLength: 1, maxLength: 40 }),
  repeats: fc.array(fc.record({ n: fc.nat(39), later: fc.nat(10) }), { maxLength: 10 }),
  bad: fc.array(fc.nat(39), { maxLength: 2 }),
  steps: fc.array(
    fc.record({
      member: fc.nat(1),
      count: fc.integer({ min: 1, max: 12 }),
      back: fc.nat(3),
      fault: fc.constantFrom('none', 'before', 'inside', 'lost answer', 'new process'),
      nth: fc.nat(4),
    }),
    { maxLength: 40 },
  ),
});

const logOf = ({ keys, repeats }: Plan): number[] => {
  const log = [...keys.keys()];
  for (const { n, later } of repeats) {
    if (n < keys.length) log.splice(Math.min(log.length, log.indexOf(n) + 1 + later), 0, n);
  }
  return log;
};

/** A bench whose store fails as told: before a transaction, inside of it, or after its commit. */
const faultyBench = (plan: Plan) => {
  const bench = new Workbench();
  const memory = bench.store;
  let fault: { kind: Plan['steps'][number]['fault']; left: number } = { kind: 'none', left: 0 };
  const strikes = (kind: typeof fault.kind): boolean => fault.kind === kind && fault.left-- === 0;
  bench.store = {
    ...memory,
    transaction: async (pool, work) => {
      if (strikes('before')) throw connectionLost();
      const result = await memory.transaction(pool, work);
      if (strikes('lost answer')) throw connectionLost();
      return result;
    },
  };
  const kind = bench.commands({
    version: 1,
    handle: async ({ data }, handling) => {
      const { n } = data as { n: number };
      if (strikes('inside')) throw connectionLost();
      bench.effect(handling, n);
      if (plan.bad.includes(n)) throw poison();
      return { resource: null, version: 1 };
    },
  });
  const arm = (kindOfFault: typeof fault.kind, nth: number): void => {
    fault = { kind: kindOfFault, left: nth };
  };
  return { bench, kind, arm };
};

/** Runs a plan with two consumers that both believe the partition is theirs, then lets one finish in peace. */
const play = async (plan: Plan) => {
  const { bench, kind, arm } = faultyBench(plan);
  for (const n of logOf(plan)) {
    const aggregateId = uuid(900 + (plan.keys[n] ?? 0));
    bench.appendCommand(aCommand(n + 1, { aggregateId, data: { n } }));
  }
  const join = (): Member<unknown> => bench.consumer(COMMANDS, kind) as unknown as Member<unknown>;
  const members = [join(), join()];
  const lastly = bench.records.length;
  for (const { member, count, back, fault, nth } of plan.steps) {
    if (fault === 'new process') members[member] = join();
    const one = members[member] as Member<unknown>;
    if (one.next === undefined) await one.assign();
    arm(fault, nth);
    const from = Math.max(0, Math.min((one.next ?? 0) - back, lastly - 1));
    await one.deliver(count, from);
    arm('none', 0);
  }
  let answer = await join().run(7);
  while (answer && !('from' in answer && !('afterMs' in answer))) answer = await join().run(7);
  return bench;
};

describe('commands under any cut, repetition, crash and second owner', () => {
  it('are each applied once and in the order of their key; one at fault holds back its own key only', async () => {
    await fc.assert(
      fc.asyncProperty(plans, async (plan) => {
        const bench = await play(plan);
        const applied = bench.effects as number[];
        for (let key = 0; key < KEYS; key += 1) {
          const told = [...plan.keys.keys()].filter((n) => plan.keys[n] === key);
          const firstBad = told.findIndex((n) => plan.bad.includes(n));
          const expected = firstBad === -1 ? told : told.slice(0, firstBad);
          expect(applied.filter((n) => plan.keys[n] === key)).toEqual(expected);
          const statuses = await bench.outcomes(...told.map((n) => n + 1));
          expect(statuses).toEqual(told.map((_, place) => (place < expected.length ? 'done' : 'parked')));
        }
      }),
      { numRuns: 300 },
    );
  });

  it('are all met by the faults of the plans above', async () => {
    const plan: Plan = {
      keys: [0, 1, 2, 3, 0, 1],
      repeats: [{ n: 0, later: 2 }],
      bad: [2],
      steps: [
        { member: 0, count: 2, back: 0, fault: 'lost answer', nth: 1 },
        { member: 1, count: 3, back: 0, fault: 'inside', nth: 1 },
        { member: 0, count: 3, back: 1, fault: 'none', nth: 0 },
        { member: 1, count: 7, back: 3, fault: 'before', nth: 0 },
        { member: 1, count: 7, back: 3, fault: 'none', nth: 0 },
      ],
    };
    const { tally } = await play(plan);
    expect(tally.conflicts).toBeGreaterThan(0);
    expect(tally.duplicates).toBeGreaterThan(0);
    expect(tally.retries).toBeGreaterThan(1);
    expect(tally.setAside).toBe(1);
  });
});

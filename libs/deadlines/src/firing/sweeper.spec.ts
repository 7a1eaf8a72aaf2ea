import { beforeEach, describe, expect, it } from '@jest/globals';
import { MemoryTables, type MemoryTransaction, type NewCommand } from '@linli/bus';
import { DeadlineReached } from '@linli/contracts';
import { systemTimers } from '@linli/kernel';
import { eventually } from '@linli/testing';
import { armed, uuid } from '../ledger/ledger.fixture.js';
import type { DeadlineStore } from '../store/deadline-store.js';
import { memoryDeadlineStore } from '../store/memory/memory-deadlines.js';
import { Sweeper, type SweeperParts } from './sweeper.js';

const START = Date.parse('2026-11-24T04:00:00Z');
const HOUR = 3_600_000;

describe('the sweeper', () => {
  let now: number;
  let store: DeadlineStore<MemoryTransaction>;
  let sent: NewCommand[];
  let woken: number;
  let errors: string[];
  let rests: (() => void)[];

  beforeEach(() => {
    now = START;
    store = memoryDeadlineStore(new MemoryTables(), { now: () => new Date(now) });
    [sent, errors, rests, woken] = [[], [], [], 0];
  });

  const sweeping = (more: Partial<SweeperParts<MemoryTransaction>> = {}) =>
    new Sweeper({
      ...{ topic: 'spec.commands.v1', type: 'spec.reach-deadline', store },
      send: async (_tx, commands) => {
        sent.push(...commands);
        return () => (woken += 1);
      },
      timers: { ...systemTimers, after: (_ms, work) => (rests.push(work), () => undefined) },
      onTaken: () => undefined,
      onError: (error) => void errors.push(String(error)),
      ...more,
    });
  /** Ten hours, so that the first rung is reached after five. */
  const put = (n: number, from = START) =>
    store.transaction((tx) => store.insert(tx, [armed({ id: uuid(n), from })]));
  const nextTurn = (): void => rests.splice(0).forEach((work) => work());

  it('sends what was reached as a command of the aggregate, with an identity that is the same for ever', async () => {
    await put(1);
    now = START + 5 * HOUR + 250;
    expect(await sweeping().ring(uuid(1))).toBeNull();
    expect(sent).toMatchObject([
      {
        ...{
          topic: 'spec.commands.v1',
          type: 'spec.reach-deadline',
          tenant: 'yuhang',
          aggregateId: uuid(900),
        },
        identity: [uuid(1), 1, 0, 0],
      },
    ]);
    expect(DeadlineReached.parse(sent[0]?.data)).toEqual({
      ...{ deadlineId: uuid(1), clock: 'K_HANDLE', version: 1, round: 0, rung: 0, name: 'half', level: 0 },
      ...{ at: '2026-11-24T09:00:00.000Z', due: '2026-11-24T14:00:00.000Z' },
      reachedAt: '2026-11-24T09:00:00.250Z',
    });
    expect(woken).toBe(1);
  });

  it('answers an alarm that rings early with the time that is left, by the clock of the store', async () => {
    await put(1);
    now = START + 5 * HOUR - 90_000;
    expect(await sweeping().ring(uuid(1))).toBe(90_000);
    expect(sent).toEqual([]);
    expect(await sweeping().ring(uuid(77))).toBeNull();
  });

  it('looks at alarms that ring together with one transaction for many', async () => {
    for (let n = 1; n <= 20; n += 1) await put(n, n > 10 ? START + HOUR : START);
    now = START + 5 * HOUR;
    let sweeps = 0;
    const counting: typeof store = {
      ...store,
      sweep: (work) => {
        sweeps += 1;
        return store.sweep(work);
      },
    };
    const sweeper = sweeping({ store: counting });
    const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => sweeper.ring(uuid(n + 1))));
    expect(answers).toEqual([...Array<null>(10).fill(null), ...Array<number>(10).fill(HOUR)]);
    expect(sent).toHaveLength(10);
    expect(sweeps).toBe(2);
  });

  it('takes nothing when it cannot send, and the same once it can', async () => {
    await put(1);
    now = START + 6 * HOUR;
    const failing = sweeping({ send: () => Promise.reject(new Error('the journal is full')) });
    await expect(failing.ring(uuid(1))).rejects.toThrow('the journal is full');
    expect(await sweeping().ring(uuid(1))).toBeNull();
    expect(sent).toHaveLength(1);
  });

  it('goes on after a failure, rung by rung until nothing is left', async () => {
    await put(1, START - 20 * HOUR);
    let away = true;
    const sweeper = sweeping({
      send: async (_tx, commands) => {
        if (away) throw new Error('the database is away');
        sent.push(...commands);
        return () => undefined;
      },
    });
    sweeper.start();
    nextTurn();
    await eventually(() => errors.length === 1 && rests.length > 0);
    away = false;
    nextTurn();
    await eventually(() => sent.length === 4);
    expect(sent.map(({ data }) => (data as DeadlineReached).name)).toEqual(['half', 'most', 'due', 'yellow']);
    await sweeper.stop();
  });

  it('waits while too many commands are waiting, and asks only while deadlines fire', async () => {
    await put(1, START - 9 * HOUR);
    let asked = 0;
    const sweeper = sweeping({ backlog: async () => ((asked += 1), 5_000) });
    sweeper.start();
    nextTurn();
    await eventually(() => asked === 1 && rests.length > 0);
    expect(sent.map(({ data }) => (data as DeadlineReached).name)).toEqual(['half']);
    await sweeper.stop();
  });
});

import { afterEach, describe, expect, it } from '@jest/globals';
import type { Outcome } from '@linli/contracts';
import { uuid } from './consume/workbench.js';
import { OutcomeWaiters } from './outcome-waiters.js';
import { memoryBusStore } from './store/memory/memory-bus-store.js';

const anOutcome = (n: number): Outcome => ({
  ...{ commandId: uuid(n), tenant: 'yuhang', requestHash: 'h', aggregateId: uuid(900), status: 'done' },
  ...{ resource: n, aggregateVersion: 1, refusal: null, completedAt: '2026-11-23T12:00:00Z' },
});

const NEVER_MS = 1_000_000;
const open: OutcomeWaiters<unknown>[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((waiters) => waiters.close()));
});

const waitersWith = (everyMs: number) => {
  const memory = memoryBusStore();
  const looks: (readonly string[])[] = [];
  const outcomes = {
    ...memory.outcomes,
    find: (...[tx, ids]: Parameters<typeof memory.outcomes.find>) => (
      looks.push(ids),
      memory.outcomes.find(tx, ids)
    ),
  };
  const store = { ...memory, outcomes };
  const waiters = new OutcomeWaiters(store, { everyMs, longestRestMs: NEVER_MS, onError: () => undefined });
  open.push(waiters);
  const put = (n: number): Promise<void> =>
    store.transaction('consumer', (tx) => store.outcomes.put(tx, [anOutcome(n)]));
  return { waiters, put, looks };
};

describe('those who wait for an outcome', () => {
  it('are woken by a commit in this process without a poll, all of them', async () => {
    const { waiters } = waitersWith(NEVER_MS);
    const waiting = [1, 1, 2].map((n) => waiters.wait(uuid(n), NEVER_MS));
    waiters.committed([anOutcome(1), anOutcome(2), anOutcome(3)]);
    expect((await Promise.all(waiting)).map((outcome) => outcome?.resource)).toEqual([1, 1, 2]);
  });

  it('get at once what is known already', async () => {
    const { waiters, put } = waitersWith(NEVER_MS);
    await put(1);
    expect(await waiters.wait(uuid(1), NEVER_MS)).toMatchObject({ resource: 1 });
  });

  it('share their first look: who comes during one is in the next', async () => {
    const { waiters, put, looks } = waitersWith(NEVER_MS);
    for (let n = 1; n <= 9; n += 1) await put(n);
    const waiting = Array.from({ length: 9 }, (_, n) => waiters.wait(uuid(n + 1), NEVER_MS));
    expect((await Promise.all(waiting)).map((outcome) => outcome?.resource)).toEqual([
      1, 2, 3, 4, 5, 6, 7, 8, 9,
    ]);
    expect(looks.filter(({ length }) => length > 0)).toEqual([
      [uuid(1)],
      waiting.slice(1).map((_, n) => uuid(n + 2)),
    ]);
  });

  it('find by polling what another process wrote', async () => {
    const { waiters, put } = waitersWith(5);
    const waiting = waiters.wait(uuid(1), NEVER_MS);
    await put(1);
    expect(await waiting).toMatchObject({ resource: 1 });
  });

  it('of a command that is only on its way cost no look: a commit wakes them, or the poll finds it', async () => {
    const { waiters, looks } = waitersWith(NEVER_MS);
    const waiting = waiters.next(uuid(1), NEVER_MS);
    waiters.committed([anOutcome(1)]);
    expect(await waiting).toMatchObject({ resource: 1 });
    expect(looks.filter(({ length }) => length > 0)).toEqual([]);
    const polled = waitersWith(5);
    await polled.put(2);
    expect(await polled.waiters.next(uuid(2), NEVER_MS)).toMatchObject({ resource: 2 });
  });

  it('are let go when it closes, when they leave, or when their time is over', async () => {
    const { waiters } = waitersWith(NEVER_MS);
    const leaving = new AbortController();
    const waiting = [
      waiters.wait(uuid(1), NEVER_MS),
      waiters.wait(uuid(1), NEVER_MS, leaving.signal),
      waiters.wait(uuid(1), 1),
      waiters.wait(uuid(1), NEVER_MS, AbortSignal.abort()),
    ];
    leaving.abort();
    expect(await Promise.all(waiting.slice(1))).toEqual([null, null, null]);
    await waiters.close();
    expect(await waiting[0]).toBeNull();
  });
});

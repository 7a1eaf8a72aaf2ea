import type { BusState } from '@linli/bus';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { healthOf } from './health.js';

const NOW = 1_764_000_000_000;
const consumer = {
  topic: 't',
  partition: 3,
  next: 5,
  high: 9,
  halted: null,
  pausedSince: null,
  lastProgressAt: null,
  behindSince: null,
};
const state = (over: Partial<BusState['consumers'][number]>, whole: Partial<BusState> = {}): BusState => ({
  consumers: [{ ...consumer, ...over }],
  unstamped: 0,
  unpublished: 0,
  unsentSince: null,
  joining: [],
  deadLetters: 0,
  parkedKeys: 0,
  lastFault: null,
  tally: { conflicts: 0, duplicates: 0, healed: 0, retries: 0, setAside: 0, bisections: 0, transactions: 0 },
  ...whole,
});
let now = NOW;
beforeEach(() => void (now = NOW));

const health = (
  asked: () => Promise<BusState>,
  query: () => Promise<unknown[]> = () => Promise.resolve([]),
  askLog: () => Promise<unknown> = () => Promise.resolve(),
) =>
  healthOf({
    database: { connection: () => ({ query, execute: () => Promise.resolve(0) }) as never },
    bus: { state: asked },
    clock: { now: () => new Date(now) },
    askLog,
    waitsFor: () => Promise.resolve([]),
  });
const longAgo = new Date(NOW - 60_001);

describe('liveness', () => {
  it('ends when a partition with work has not moved for a minute', async () => {
    const stuck = health(() => Promise.resolve(state({ lastProgressAt: longAgo })));
    expect(await stuck.live()).toEqual(['t/3 has not moved from 5 for a minute']);
  });

  it.each([
    ['has nothing to do', { next: 9, lastProgressAt: longAgo }],
    ['is paused, because the outside is away', { pausedSince: longAgo, lastProgressAt: longAgo }],
    ['was halted for somebody to look', { halted: 'truncated', lastProgressAt: longAgo }],
    ['moved a moment ago', { lastProgressAt: new Date(NOW - 1000) }],
  ])('goes on when a partition %s', async (_, over) => {
    expect(await health(() => Promise.resolve(state(over))).live()).toEqual([]);
  });

  it('ends when a group cannot be joined for two minutes though the log answers', async () => {
    const joining = () => Promise.resolve(state({}, { joining: ['t'] }));
    const unjoined = health(joining);
    expect(await unjoined.live()).toEqual([]);
    now += 120_000;
    expect(await unjoined.live()).toEqual(['t is not consumed, though the log answers']);
    const logAway = health(joining, undefined, () => Promise.reject(new Error('away')));
    await logAway.live();
    now += 120_000;
    expect(await logAway.live()).toEqual([]);
  });

  it('does not depend on the database', async () => {
    expect(await health(() => Promise.reject(new Error('database away'))).live()).toEqual([]);
  });
});

describe('readiness', () => {
  const idle = () => Promise.resolve(state({}));

  it('names a halted partition', async () => {
    const halted = health(() => Promise.resolve(state({ halted: 'truncated' })));
    expect(await halted.ready()).toEqual(['t/3 halted: truncated']);
  });

  it('begins when every consumed topic is consumed here', async () => {
    const joining = health(() => Promise.resolve(state({}, { joining: ['t', 'u'] })));
    expect(await joining.ready()).toEqual(['t is not consumed yet', 'u is not consumed yet']);
  });

  it('ends when the head of the journal is not sent on for half a minute', async () => {
    let unsentSince: Date | null = new Date(NOW - 600_000);
    const relay = health(() => Promise.resolve(state({}, { unsentSince })));
    expect(await relay.ready()).toEqual([]);
    now += 29_999;
    expect(await relay.ready()).toEqual([]);
    now += 1;
    expect(await relay.ready()).toEqual(['the journal has not been sent on for 630 s']);
    unsentSince = new Date(NOW - 599_000);
    expect(await relay.ready()).toEqual([]);
    unsentSince = null;
    now += 60_000;
    expect(await relay.ready()).toEqual([]);
  });

  it('ends when the log is away', async () => {
    const away = health(idle, undefined, () => Promise.reject(new Error('no broker')));
    expect(await away.ready()).toEqual(['log: no broker']);
  });

  it('ends when draining starts', async () => {
    const one = health(idle);
    expect(await one.ready()).toEqual([]);
    one.startDraining();
    expect(await one.ready()).toEqual(['draining']);
  });

  it('waits a second for the database, no longer', async () => {
    const one = health(idle, () => new Promise(() => undefined));
    expect(await one.ready()).toEqual(['database: no answer within 1000 ms']);
  });
});

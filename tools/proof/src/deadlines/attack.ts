import { hasEnded } from '@linli/store';
import { setTimeout as delay } from 'node:timers/promises';
import { counted, type Counts } from '../counts.js';
import { allHappened, happened, Void } from '../void.js';
import type { HurtRedis } from './ground.js';
import type { World } from './world.js';

export type T6Shape = {
  /** Armed at the start and on the way, besides the crowd. */
  readonly deadlines: number;
  /** Fall due together while nobody runs. */
  readonly crowd: number;
  /** FLUSHALLs of a round. */
  readonly flushes: number;
  readonly rounds: number;
  /** How long each fault lasts at least. */
  readonly phaseMs: number;
};

/** Longer than a stopped process may keep its locks (2 s), shorter than Kafka's patience with it (12 s). */
const FROZEN_MS = 3_000;

/** Time to arm a crowd and to end everybody before it is due. */
const timeFor = (crowd: number): number => 3_000 + 3 * crowd;

type Phase = (world: World, redis: HurtRedis, shape: T6Shape) => Promise<Counts>;

const calm: Phase = () => Promise.resolve({ calm: 1 });

const flushed: Phase = async (_world, redis, { flushes, phaseMs }) => {
  let alarmsFlushed = 0;
  for (let n = 0; n < flushes; n += 1) {
    alarmsFlushed += await redis.flush();
    await delay(phaseMs / flushes);
  }
  return { flushes, alarmsFlushed };
};

const holed: Phase = async (_world, { proxy }, { phaseMs }) => {
  const before = proxy.counts().met['black-hole'];
  proxy.set({ kind: 'black-hole' });
  await delay(phaseMs);
  proxy.heal();
  return { holes: 1, heldInHole: proxy.counts().met['black-hole'] - before };
};

const killRedis = async ({ server }: HurtRedis): Promise<void> => {
  const pid = server.pid();
  process.kill(pid, 'SIGKILL');
  if (!(await hasEnded(pid, 10_000))) throw new Void('Redis outlived SIGKILL');
};

/** Redis is dead, so that all is left to the sweepers, and one of them stops within its transaction. */
const frozenInSweep: Phase = async (world, redis) => {
  await killRedis(redis);
  const failedBefore = (await world.tally())['sweepsFailed'] ?? 0;
  await world.member(0).strike('in-sweep');
  await delay(FROZEN_MS);
  world.member(0).thaw();
  await redis.server.restart();
  await world.until(
    'the sweep that was stopped fails',
    async () => ((await world.tally())['sweepsFailed'] ?? 0) > failedBefore,
  );
  return { redisKilled: 1, frozenInSweep: 1 };
};

/** A handler stops with the deadlines that it changed locked. */
const frozenInCommand: Phase = async (world) => {
  await world.member(1).strike('in-command');
  await delay(FROZEN_MS);
  world.member(1).thaw();
  return { frozenInCommand: 1 };
};

/** Anywhere. */
const frozen: Phase = async (world) => {
  for (const member of world.members) {
    member.freeze();
    await delay(FROZEN_MS);
    member.thaw();
    await delay(200);
  }
  return { frozen: world.members.length };
};

const phases: readonly Phase[] = [calm, flushed, holed, frozenInSweep, frozenInCommand, frozen];

/** Nobody runs, Redis neither, and a crowd falls due; then one process comes back, and after it the rest. */
const outage = async (world: World, redis: HurtRedis, { crowd }: T6Shape): Promise<Counts> => {
  await world.caughtUp();
  const { ids, due } = await world.armCrowd(crowd, timeFor(crowd));
  const [first, ...others] = world.members;
  if (!first) throw new Error('no members');
  const from = await world.inTheDark(async () => {
    await killRedis(redis);
    await Promise.all(world.members.map((member) => member.kill()));
    await delay(Math.max(0, due - Date.now()));
    await world.ground.bury(world.schema, world.topic);
    const began = Date.now();
    await first.start();
    return began;
  });
  await world.until(
    'the crowd was taken',
    async () => (await world.count('deadline_firing', 'deadline_id', [...ids])) === crowd,
  );
  world.recoveries.push({ ...{ from, to: Date.now(), ids }, topic: world.topic });
  await redis.server.restart();
  await Promise.all(others.map((member) => member.start()));
  return { redisKilled: 1, killed: world.members.length };
};

const locksLost = async ({ ground }: World): Promise<number> => {
  const [row] = await ground.rows<{ n: number }>(
    'select sum(sessions_fatal)::int as n from pg_stat_database',
  );
  return row?.n ?? 0;
};

const inPhases = async (world: World, redis: HurtRedis, shape: T6Shape): Promise<Counts> => {
  const { rounds, deadlines, phaseMs } = shape;
  const count = rounds * phases.length;
  const each = Math.floor(deadlines / 2 / count);
  await world.arm(deadlines - each * count, phaseMs * count);
  const done: Counts[] = [];
  for (let n = 0; n < count; n += 1) {
    const until = Date.now() + phaseMs;
    await world.arm(each, phaseMs);
    done.push(await (phases[n % phases.length] ?? calm)(world, redis, shape));
    await delay(Math.max(0, until - Date.now()));
  }
  return counted(...done);
};

const faults = [
  ...['rings', 'alarmsLost', 'flushes', 'alarmsFlushed', 'holes', 'heldInHole', 'redisKilled'],
  ...['frozenInSweep', 'frozenInCommand', 'frozen', 'killed'],
];

/** Everything that may happen to Redis and to two processes, one after the other, while deadlines fall due. */
export const attackDeadlines = async (world: World, shape: T6Shape): Promise<Counts> => {
  const { redis } = world.ground;
  if (!redis) throw new Error('no Redis to hurt');
  const lostBefore = await locksLost(world);
  const inTurn = await inPhases(world, redis, shape);
  const tally = await world.tally();
  const locks = (await locksLost(world)) - lostBefore;
  happened('transactions that lost their locks', locks, 2 * shape.rounds);
  const counts = counted(inTurn, tally, await outage(world, redis, shape), { locksLost: locks });
  allHappened(counts, faults);
  return counts;
};

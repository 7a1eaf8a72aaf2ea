import { hasEnded } from '@linli/store';
import { setTimeout as delay } from 'node:timers/promises';
import { counted, type Counts } from '../counts.js';
import type { OwnGround } from '../fleet/ground.js';
import { isFrozen } from '../fleet/state-of.js';
import { Pulse } from '../load/pulse.js';
import type { RunOptions } from '../suite.js';
import { happened, Void, untilHappened } from '../void.js';
import { inArena, type Arena } from './arena.js';
import { fullDisk } from './full-disk.js';
import { beside } from './nemesis.js';

export type T9Shape = {
  /** Restarts of the server: two of three by kill -9, one by an immediate shutdown. */
  readonly restarts: number;
  /** COMMITs whose answer is lost to a reset. */
  readonly resets: number;
  readonly downMs: number;
  readonly slowMs: number;
  /** How long it finds no room to write. */
  readonly fullMs: number;
  readonly tenants: number;
};

const RECOVERED_WITHIN_MS = 30_000;

/** Ends the server by this signal, lets it lie, starts it again; answers how long clients then waited. */
const restart = async (
  { postgres }: OwnGround,
  pulse: Pulse,
  signal: 'SIGKILL' | 'SIGQUIT',
  downMs: number,
): Promise<number> => {
  const pid = postgres.pid();
  process.kill(pid, signal);
  if (!(await hasEnded(pid, 10_000))) throw new Void(`PostgreSQL outlived ${signal}`);
  await delay(downMs);
  await postgres.restart();
  return pulse.next(RECOVERED_WITHIN_MS);
};

/** A line on which everything takes half a second longer; answers how many pieces of data it delayed. */
const slow = async ({ database }: OwnGround, pulse: Pulse, forMs: number): Promise<number> => {
  database.set({ kind: 'latency', ms: 500 }, 'up');
  await delay(forMs);
  database.heal();
  await pulse.next(RECOVERED_WITHIN_MS);
  return database.counts().met.latency;
};

/** COMMIT has left, and before its answer is read the line is reset: the outcome is unknown to the service. */
const resetInCommit = async (arena: Arena, { database }: OwnGround, pulse: Pulse): Promise<number> => {
  const [risk] = arena.system.risks;
  if (!risk) throw new Error('no service to cut off');
  risk.arm('commit-sent:2:stop');
  await untilHappened('frozen with COMMIT on its way', () => isFrozen(risk.pid));
  risk.disarm();
  const cut = database.reset();
  risk.thaw();
  await pulse.next(RECOVERED_WITHIN_MS);
  return cut;
};

const attack = async (arena: Arena, ground: OwnGround, pulse: Pulse, shape: T9Shape): Promise<Counts> => {
  const { downMs, slowMs, fullMs } = shape;
  const counts = { restarts: 0, resets: 0, delayed: 0, refusedForRoom: 0, slowestRecoveryMs: 0 };
  for (let n = 0; n < shape.restarts; n += 1) {
    const ms = await restart(ground, pulse, n % 3 === 1 ? 'SIGQUIT' : 'SIGKILL', n % 3 === 1 ? downMs : 0);
    counts.slowestRecoveryMs = Math.max(counts.slowestRecoveryMs, ms);
    counts.restarts += 1;
  }
  for (let n = 0; n < shape.resets; n += 1)
    counts.resets += Math.min(1, await resetInCommit(arena, ground, pulse));
  counts.delayed = await slow(ground, pulse, slowMs);
  counts.refusedForRoom = await fullDisk(ground.databaseUrl(), fullMs);
  await pulse.next(RECOVERED_WITHIN_MS);
  return counts;
};

/** The database dies, is shut down at once, is slow, full, and loses the line in the middle of COMMIT, under load. */
export const databaseHurt = async (
  ground: OwnGround,
  { seed, shape }: RunOptions<T9Shape>,
): Promise<Counts> => {
  const pulse = new Pulse();
  const { onAnswer } = pulse;
  return inArena(
    {
      suite: 'T9',
      seed,
      ground,
      system: { gateways: 1, risks: 1 },
      load: {
        ...{ tenants: shape.tenants, warnings: shape.tenants * 15, clients: 8, pauseMs: 10 },
        caller: { onAnswer },
      },
    },
    async (arena) => {
      const counts = await beside(
        () => attack(arena, ground, pulse, shape),
        (goesOn) => arena.load.drive(0, goesOn),
      );
      happened('restarts of PostgreSQL', counts['restarts'] ?? 0, shape.restarts);
      happened('resets in the middle of COMMIT', counts['resets'] ?? 0, shape.resets);
      happened('pieces of data that were delayed', counts['delayed'] ?? 0);
      happened('statements that found no room', counts['refusedForRoom'] ?? 0);
      return counted(counts);
    },
  );
};

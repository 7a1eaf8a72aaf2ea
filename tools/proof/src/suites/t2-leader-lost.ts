import { topics } from '@linli/contracts';
import { hasEnded } from '@linli/store';
import { eventually } from '@linli/testing';
import { Kafka, logLevel, type ITopicMetadata } from 'kafkajs';
import { setTimeout as delay } from 'node:timers/promises';
import type { Counts } from '../counts.js';
import type { OwnGround } from '../fleet/ground.js';
import { Pulse } from '../load/pulse.js';
import type { RunOptions } from '../suite.js';
import { happened, Void } from '../void.js';
import { inArena } from './arena.js';
import { beside } from './nemesis.js';

export type T2Shape = {
  readonly wishes: number;
  /** Brokers lost, by turns killed and frozen. */
  readonly losses: number;
  readonly frozenMs: number;
  readonly tenants: number;
};

const WHOLE_WITHIN_MS = 120_000;
const BROKERS = 3;

const metadata = async ({ kafka }: OwnGround): Promise<ITopicMetadata[]> => {
  const admin = new Kafka({ brokers: kafka.url.split(','), logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  try {
    return (await admin.fetchTopicMetadata({ topics: topics.map(({ name }) => name) })).topics;
  } finally {
    await admin.disconnect();
  }
};

/** The broker that leads most partitions now, by its place among the brokers. */
const leader = async (ground: OwnGround): Promise<{ index: number; leads: number }> => {
  const led = new Map<number, number>();
  for (const { partitions } of await metadata(ground))
    for (const one of partitions) led.set(one.leader, (led.get(one.leader) ?? 0) + 1);
  const [id, leads] = [...led].toSorted(([, a], [, b]) => b - a)[0] ?? [0, 0];
  return { index: id - 1, leads };
};

/** Every partition has all its copies in step again: only then may another broker be lost. */
const untilWhole = async (ground: OwnGround): Promise<void> => {
  await eventually(
    async () =>
      (await metadata(ground)).every(({ partitions }) =>
        partitions.every(({ isr }) => isr.length === BROKERS),
      ),
    { withinMs: WHOLE_WITHIN_MS, everyMs: 500, what: 'all copies in step' },
  );
};

const lose = async (ground: OwnGround, n: number, frozenMs: number): Promise<void> => {
  const { index, leads } = await leader(ground);
  const broker = ground.kafka.brokers[index];
  if (!broker || leads === 0) throw new Void('no broker led anything');
  const pid = broker.pid();
  if (n % 2 === 1) {
    process.kill(pid, 'SIGSTOP');
    await delay(frozenMs);
    process.kill(pid, 'SIGCONT');
    return;
  }
  process.kill(pid, 'SIGKILL');
  if (!(await hasEnded(pid, 10_000))) throw new Void('a broker outlived kill -9');
  await broker.restart();
};

/** Of three brokers the one that leads most is killed or frozen, again and again, under load. */
export const leaderLost = async (
  ground: OwnGround,
  { seed, shape }: RunOptions<T2Shape>,
): Promise<Counts> => {
  const pulse = new Pulse();
  const { onAnswer } = pulse;
  return inArena(
    {
      suite: 'T2',
      seed,
      ground,
      system: { gateways: 1, risks: 1 },
      load: {
        tenants: shape.tenants,
        warnings: shape.tenants * 10,
        clients: 6,
        pauseMs: 20,
        caller: { onAnswer },
      },
    },
    async ({ load }) => {
      let losses = 0;
      const attack = async (): Promise<void> => {
        for (; losses < shape.losses; losses += 1) {
          await untilWhole(ground);
          await lose(ground, losses, shape.frozenMs);
          await pulse.next(60_000);
        }
        await untilWhole(ground);
      };
      await beside(attack, (goesOn) => load.drive(shape.wishes, goesOn));
      happened('losses of a leader', losses, shape.losses);
      return { leadersKilled: Math.ceil(losses / 2), leadersFrozen: Math.floor(losses / 2) };
    },
  );
};

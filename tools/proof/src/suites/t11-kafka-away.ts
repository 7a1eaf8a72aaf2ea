import { eventually } from '@linli/testing';
import { setTimeout as delay } from 'node:timers/promises';
import { Broken } from '../broken.js';
import type { Counts } from '../counts.js';
import type { OwnGround } from '../fleet/ground.js';
import { residentOf, starvedMs } from '../fleet/state-of.js';
import { Answers } from '../load/answers.js';
import type { Answer } from '../load/caller.js';
import { Pulse } from '../load/pulse.js';
import type { RunOptions } from '../suite.js';
import { happened } from '../void.js';
import { inArena, type Arena } from './arena.js';
import { beside } from './nemesis.js';

/** Stretches in which Kafka is away, by turns behind a black hole and frozen. */
export type T11Shape = { readonly holes: number; readonly awayMs: number; readonly clients: number };

const ANSWERED_WITHIN_MS = 3500;
const RECOVERED_WITHIN_MS = 10_000;
const MEGABYTE = 1024 * 1024;

interface Watch {
  readonly answers: Answers;
  readonly pulse: Pulse;
  readonly idle: number;
}

/** Kafka away in one of two ways; answers how to bring it back. */
const takeAway = ({ kafka, doors }: OwnGround, n: number): (() => void) => {
  if (n % 2 === 0) {
    doors.GATEWAY?.set({ kind: 'black-hole' });
    return () => doors.GATEWAY?.heal();
  }
  const pid = kafka.brokers[0]?.pid() ?? 0;
  process.kill(pid, 'SIGSTOP');
  return () => void process.kill(pid, 'SIGCONT');
};

const highestResident = async (pid: number, until: number): Promise<number> => {
  let highest = 0;
  for (; performance.now() < until; await delay(250)) highest = Math.max(highest, residentOf(pid));
  return highest;
};

/** The part of its time in which a process could run; the rest other processes of a busy machine took from it. */
const ownShare = (pid: number): (() => number) => {
  const [beganAt, starved] = [performance.now(), starvedMs(pid)];
  return () => 1 - (starvedMs(pid) - starved) / (performance.now() - beganAt);
};

/** To the letter, unless others kept the gateway from running for most of the time: theirs does not count then. */
const answeredWithin = (own: number): number => (own < 0.5 ? ANSWERED_WITHIN_MS / own : ANSWERED_WITHIN_MS);

const hole = async (
  arena: Arena,
  ground: OwnGround,
  watch: Watch,
  n: number,
  awayMs: number,
): Promise<Counts> => {
  const [gateway] = arena.system.gateways;
  if (!gateway) throw new Error('no gateway');
  const share = ownShare(gateway.pid);
  const from = performance.now();
  const comeBack = takeAway(ground, n);
  const resident = await highestResident(gateway.pid, from + awayMs);
  const own = share();
  comeBack();
  const recoveryMs = await watch.pulse.next(RECOVERED_WITHIN_MS);
  const seen = watch.answers.between(from + 500, from + awayMs - ANSWERED_WITHIN_MS);
  happened('answers 503 while Kafka is away', seen.unavailable);
  const bound = watch.idle * 1.5 + 16 * MEGABYTE;
  const faults = [
    ...(seen.withoutRetryAfter > 0 ? [`${seen.withoutRetryAfter} answers 503 without Retry-After`] : []),
    ...(seen.p99Ms > answeredWithin(own)
      ? [
          `99 % of the answers 503 took up to ${seen.p99Ms} ms, of which the gateway could run ${own.toFixed(2)}`,
        ]
      : []),
    ...(seen.lost > 0 ? [`${seen.lost} calls were not answered`] : []),
    ...(resident > bound ? [`the gateway grew from ${watch.idle} to ${resident} bytes`] : []),
  ];
  if (faults.length > 0) throw new Broken(faults);
  return {
    unavailable: seen.unavailable,
    p99Ms: seen.p99Ms,
    starvedPercent: Math.round(100 * (1 - own)),
    recoveryMs,
    residentMb: Math.round(resident / MEGABYTE),
  };
};

/** A command for a service that is dead: 202, an operation that stands, and an outcome once the service is back. */
const serviceAway = async ({ system, load }: Arena): Promise<void> => {
  const [risk] = system.risks;
  if (!risk) throw new Error('no service');
  await risk.kill();
  const { status, operation } = await load.commandOnce();
  if (status !== 202) throw new Broken([`a command to a service that is away was answered ${status}`]);
  await system.bury();
  await risk.start();
  await eventually(async () => ['done', 'refused'].includes((await operation()) ?? ''), {
    withinMs: 30_000,
    what: 'the outcome of a command whose service was away',
  });
};

const worst = (all: readonly Counts[], name: string): number => Math.max(...all.map((one) => one[name] ?? 0));

/** Kafka hangs and freezes while three times the usual load comes in; then the service is away instead. */
export const kafkaAway = async (
  ground: OwnGround,
  { seed, shape }: RunOptions<T11Shape>,
): Promise<Counts> => {
  const answers = new Answers();
  const pulse = new Pulse();
  const onAnswer = (answer: Answer): void => {
    answers.onAnswer(answer);
    pulse.onAnswer(answer);
  };
  const { clients } = shape;
  return inArena(
    {
      suite: 'T11',
      seed,
      ground,
      system: {
        ...{ gateways: 1, risks: 1 },
        gatewayEnvironment: { KAFKA_BROKERS: ground.doors['GATEWAY']?.address ?? '' },
      },
      load: { tenants: 2, warnings: 40, clients, pauseMs: 500, caller: { attempts: 1, onAnswer } },
    },
    async (arena) => {
      const watch = { answers, pulse, idle: residentOf(arena.system.gateways[0]?.pid ?? 0) };
      const holes: Counts[] = [];
      const attack = async (): Promise<void> => {
        await pulse.next(RECOVERED_WITHIN_MS);
        for (let n = 0; n < shape.holes; n += 1)
          holes.push(await hole(arena, ground, watch, n, shape.awayMs));
      };
      await beside(attack, (goesOn) => arena.load.drive(0, goesOn));
      await serviceAway(arena);
      return {
        holes: holes.length,
        unavailable: holes.reduce((sum, { unavailable = 0 }) => sum + unavailable, 0),
        slowestAnswerMs: worst(holes, 'p99Ms'),
        starvedPercent: worst(holes, 'starvedPercent'),
        slowestRecoveryMs: worst(holes, 'recoveryMs'),
        idleMb: Math.round(watch.idle / MEGABYTE),
        highestMb: worst(holes, 'residentMb'),
        servicesAway: 1,
      };
    },
  );
};

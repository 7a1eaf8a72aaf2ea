import type { Counts } from '../counts.js';
import { deadlinesUnderFire } from '../deadlines/t6.suite.js';
import { embeddedGround, ownGround, type OwnGround, type OwnOptions } from '../fleet/ground.js';
import { logSuites } from '../log-suites/log-suites.js';
import type { RunOptions, Shape, Suite } from '../suite.js';
import { gatewayKilled, type T1Shape } from './t1-gateway-killed.js';
import { kafkaAway, type T11Shape } from './t11-kafka-away.js';
import { embeddedHurt, type T17Shape } from './t17-embedded.js';
import { leaderLost, type T2Shape } from './t2-leader-lost.js';
import { failpointsHit, type T3Shape } from './t3-failpoints.js';
import { zombiesWoken, type T4Shape } from './t4-zombies.js';
import { databaseHurt, type T9Shape } from './t9-database.js';

type Attack<S extends Shape> = (ground: OwnGround, options: RunOptions<S>) => Promise<Counts>;

const onOwn =
  <S extends Shape>(attack: Attack<S>, own: OwnOptions = {}) =>
  async (options: RunOptions<S>): Promise<Counts> => {
    const ground = await ownGround(own);
    try {
      return await attack(ground, options);
    } finally {
      await ground.stop();
    }
  };

const t1: Suite<T1Shape> = {
  id: 'T1',
  promise:
    'A command answered 2xx or 202 is executed exactly once, or ends in a recorded outcome; an unanswered one at most once.',
  attack: 'kill -9 of two gateways by turns; clients send again with the same key, up to five times',
  long: { wishes: 100_000, kills: 200, tenants: 40 },
  scales: ['wishes', 'kills'],
  run: onOwn(gatewayKilled),
};

const t2: Suite<T2Shape> = {
  id: 'T2',
  promise: 'What was acknowledged survives the loss of a broker.',
  attack: 'of three brokers the one that leads most is killed with -9 or frozen for 30 s',
  long: { wishes: 50_000, losses: 40, frozenMs: 30_000, tenants: 10 },
  scales: ['wishes', 'losses', 'frozenMs'],
  run: onOwn(leaderLost, { brokers: 3 }),
};

const t3: Suite<T3Shape> = {
  id: 'T3',
  promise: 'Nothing is lost or doubled when gateway or service die at any step.',
  attack: 'kill -9 at each of 16 failpoints, and of the service at random moments',
  long: { hits: 20, randomKills: 200, tenants: 10 },
  scales: ['hits', 'randomKills'],
  run: onOwn(failpointsHit),
};

const t4: Suite<T4Shape> = {
  id: 'T4',
  promise:
    'A process that was frozen and replaced has no effect when it wakes; the new owner gets on within 15 s.',
  attack: 'SIGSTOP of three services, before and within a transaction, SIGCONT after others took over',
  long: { rounds: 34, tenants: 10 },
  scales: ['rounds'],
  run: onOwn(zombiesWoken),
};

const t9: Suite<T9Shape> = {
  id: 'T9',
  promise:
    'A database that restarts loses nothing committed; no message is set aside for it; back within 30 s.',
  attack:
    'postmaster kill -9, immediate shutdown, 500 ms of latency, no room to write, the line reset in the middle of COMMIT',
  long: { restarts: 60, resets: 30, downMs: 30_000, slowMs: 30_000, fullMs: 30_000, tenants: 10 },
  scales: ['restarts', 'resets', 'downMs', 'slowMs', 'fullMs'],
  run: onOwn(databaseHurt),
};

const t11: Suite<T11Shape> = {
  id: 'T11',
  promise:
    'While Kafka is away: 503 with Retry-After within 3.5 s, no 500, bounded memory, back within 10 s. While the service is away: 202.',
  attack: 'Kafka behind a black hole or frozen, at three times the load; then the service killed',
  long: { holes: 10, awayMs: 120_000, clients: 120 },
  scales: ['holes', 'awayMs'],
  run: onOwn(kafkaAway, { doors: ['GATEWAY'] }),
};

const t17: Suite<T17Shape> = {
  id: 'T17',
  promise: 'The embedded mode keeps the same promises.',
  attack: 'kill -9 of the one process anywhere and at each of 15 failpoints, and of its PostgreSQL',
  long: { kills: 100, hits: 10, everyPoint: 1, postmasters: 30, tenants: 10 },
  scales: ['kills', 'hits', 'postmasters'],
  run: async (options) => {
    const ground = embeddedGround();
    try {
      return await embeddedHurt(ground, options);
    } finally {
      await ground.stop();
    }
  },
};

const ofAnyShape = <S extends Shape>(suite: Suite<S>): Suite => suite as unknown as Suite;

const numberOf = ({ id }: Suite): number => Number(id.slice(1));

/** Every promise that is attacked by processes and lines that fail. */
export const suites: readonly Suite[] = [
  ...[ofAnyShape(t1), ofAnyShape(t2), ofAnyShape(t3), ofAnyShape(t4)],
  ...[ofAnyShape(t9), ofAnyShape(t11), ofAnyShape(t17), ofAnyShape(deadlinesUnderFire)],
  ...logSuites.map(ofAnyShape),
].toSorted((a, b) => numberOf(a) - numberOf(b));

import type { Failpoint } from '@linli/bus';
import { seededRandom } from '@linli/kernel';
import type { Counts } from '../counts.js';
import { postmasterOf, type embeddedGround } from '../fleet/ground.js';
import { Pulse } from '../load/pulse.js';
import type { RunOptions } from '../suite.js';
import { happened } from '../void.js';
import { inArena, type Arena } from './arena.js';
import { beside, killByTurns } from './nemesis.js';
import { gatewayPoints, servicePoints, strikeService } from './t3-failpoints.js';

export type T17Shape = {
  /** Deaths of the whole process, its PostgreSQL with it. */
  readonly kills: number;
  readonly hits: number;
  /** 1: at every step that there is; 0: at the seven that this mode does in its own way. */
  readonly everyPoint: number;
  /** Deaths of the PostgreSQL alone, which the process brings back. */
  readonly postmasters: number;
  readonly tenants: number;
};

type EmbeddedGround = ReturnType<typeof embeddedGround>;

const RECOVERED_WITHIN_MS = 30_000;

/** Every step that this mode has: there is no offset to tell to Kafka. */
export const embeddedPoints: readonly Failpoint[] = [...gatewayPoints, ...servicePoints].filter(
  (point) => point !== 'before-offset-commit',
);

/** The log is a table here: what is sent, committed and marked is one database's work. */
const essential: readonly Failpoint[] = [
  'produce-sent',
  'after-produce',
  'before-commit',
  'commit-sent',
  'after-commit',
  'after-stamp',
  'after-publish',
];

const killPostmasters = async (dataDir: string, kills: number, pulse: Pulse): Promise<Counts> => {
  const pids = new Set<number>();
  let slowestRecoveryMs = 0;
  for (let n = 0; n < kills; n += 1) {
    await pulse.next(RECOVERED_WITHIN_MS);
    const { pid } = postmasterOf(dataDir);
    process.kill(pid, 'SIGKILL');
    pids.add(pid);
    slowestRecoveryMs = Math.max(slowestRecoveryMs, await pulse.next(RECOVERED_WITHIN_MS));
  }
  return { postmasters: pids.size, slowestRecoveryMs };
};

/** Everything in one process on its own PostgreSQL, which carries the log too: T1, T3 and T9 on it. */
export const embeddedHurt = async (
  ground: EmbeddedGround,
  { seed, shape }: RunOptions<T17Shape>,
): Promise<Counts> => {
  const pulse = new Pulse();
  const caller = { onAnswer: pulse.onAnswer };
  const hurt = async (arena: Arena): Promise<Counts> => {
    const { risks } = arena.system;
    await killByTurns(risks, shape.kills, seededRandom(seed), 1000);
    const points = shape.everyPoint === 1 ? embeddedPoints : essential;
    for (let n = 0; n < shape.hits; n += 1) await strikeService(arena, points, seededRandom(seed + n));
    const kills = risks.reduce((sum, member) => sum + member.kills, 0);
    happened('deaths of the process', kills, shape.kills + shape.hits * points.length);
    const database = await killPostmasters(ground.dataDir, shape.postmasters, pulse);
    happened('deaths of its PostgreSQL', database['postmasters'] ?? 0, shape.postmasters);
    return { kills, points: points.length, ...database };
  };
  return inArena(
    {
      suite: 'T17',
      seed,
      ground,
      system: { gateways: 0, risks: 0 },
      load: { tenants: shape.tenants, warnings: shape.tenants * 15, clients: 8, pauseMs: 10, caller },
    },
    (arena) =>
      beside(
        () => hurt(arena),
        (goesOn) => arena.load.drive(0, goesOn),
      ),
  );
};

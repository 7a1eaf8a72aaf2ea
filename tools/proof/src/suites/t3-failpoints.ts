import type { Failpoint } from '@linli/bus';
import { seededRandom, type Random } from '@linli/kernel';
import { eventually } from '@linli/testing';
import type { Counts } from '../counts.js';
import type { Ground } from '../fleet/ground.js';
import type { Member } from '../fleet/member.js';
import type { RunOptions } from '../suite.js';
import { happened } from '../void.js';
import { inArena, type Arena } from './arena.js';
import { beside } from './nemesis.js';

/** Steps of the gateway, by the rows of the table of deaths. */
const ofGateway = {
  'before-produce': 'row 1: nothing was sent',
  'produce-sent': 'row 2: sent, not acknowledged',
  'after-produce': 'row 3: acknowledged, not answered',
  'while-waiting': 'row 4: waiting for the outcome',
} as const satisfies Partial<Record<Failpoint, string>>;

/**
 * Steps of a service. Rows 16 to 18 (deadlines) and 21 (webhooks) are of parts that are not built; row 19 (a consumer of
 * facts) has no product code yet and is attacked at the bus; 5, 6, 15, 22 to 24 are deaths of others (T2, T4, T5, T9).
 */
const ofService = {
  'after-fetch': 'row 7: fetched, no transaction',
  'after-fence': 'row 8: in the transaction, fence taken',
  'before-commit': 'row 8: in the transaction, all written',
  'commit-sent': 'row 9: COMMIT sent, no answer',
  'after-commit': 'row 10: committed, nobody told',
  'before-offset-commit': 'row 11: waiters told, offset not told to Kafka',
  'before-stamp': 'row 12: told, not stamped',
  'mid-stamp': 'row 12: in the transaction of the stamp',
  'after-stamp': 'row 13: stamped',
  'before-publish': 'row 13: stamped, about to be sent',
  'after-publish': 'row 14: sent, not marked',
  'while-parking': 'row 20: while a key is parked',
} as const satisfies Partial<Record<Failpoint, string>>;

export type GatewayPoint = keyof typeof ofGateway;
export type ServicePoint = keyof typeof ofService;

export const gatewayPoints = Object.keys(ofGateway) as GatewayPoint[];
export const servicePoints = Object.keys(ofService) as ServicePoint[];

export type T3Shape = { readonly hits: number; readonly randomKills: number; readonly tenants: number };

const HIT_WITHIN_MS = 60_000;
const MOST_PASSED = 3;

/** Parking needs a command that fails for good: every one does until the death. */
const settingOf = (point: Failpoint, nth: number): string =>
  point === 'while-parking' ? 'in-command:1:throw,while-parking:1:kill' : `${point}:${nth}:kill`;

/** One death at one step, and the way back. */
const strike = async (member: Member, point: Failpoint, random: Random): Promise<void> => {
  const nth = 1 + Math.floor(random.next() * MOST_PASSED);
  member.arm(settingOf(point, nth));
  await member.killed(point, HIT_WITHIN_MS);
};

/** Every partition on which the dead process left work has moved on; five deaths in one place would be too many. */
const recovered = async ({ rows }: Arena): Promise<void> => {
  await eventually(async () => (await rows('select from risk.progress where crash_count > 0')).length === 0, {
    withinMs: 60_000,
    what: 'progress where the process died',
  });
};

const serviceOf = ({ system }: Arena): Member => {
  const [risk] = system.risks;
  if (!risk) throw new Error('no service to strike');
  return risk;
};

export const strikeService = async (
  arena: Arena,
  points: readonly Failpoint[],
  random: Random,
): Promise<void> => {
  const risk = serviceOf(arena);
  for (const point of points) {
    await strike(risk, point, random);
    await arena.system.bury();
    await risk.start();
    await recovered(arena);
  }
};

const strikeGateway = async (
  arena: Arena,
  points: readonly GatewayPoint[],
  random: Random,
): Promise<void> => {
  const [gateway] = arena.system.gateways;
  if (!gateway) throw new Error('no gateway to strike');
  for (const point of points) {
    await strike(gateway, point, random);
    await gateway.start();
  }
};

const times = <T>(count: number, all: readonly T[]): T[] => Array.from({ length: count }, () => all).flat();

/** Deaths wherever the process happens to be. */
const killAnywhere = async (arena: Arena, risk: Member, kills: number): Promise<void> => {
  for (let n = 0; n < kills; n += 1) {
    await risk.kill();
    await arena.system.bury();
    await risk.start();
    await recovered(arena);
  }
};

/** Gateway and service die by kill -9 at every named step of a command's way, while a load goes on. */
export const failpointsHit = async (ground: Ground, { seed, shape }: RunOptions<T3Shape>): Promise<Counts> =>
  inArena(
    {
      suite: 'T3',
      seed,
      ground,
      system: { gateways: 1, risks: 1 },
      load: { tenants: shape.tenants, warnings: shape.tenants * 10, clients: 6, pauseMs: 10 },
    },
    async (arena) => {
      const random = seededRandom(seed);
      const attack = () =>
        Promise.all([
          strikeService(arena, times(shape.hits, servicePoints), random).then(() =>
            killAnywhere(arena, serviceOf(arena), shape.randomKills),
          ),
          strikeGateway(arena, times(shape.hits, gatewayPoints), random),
        ]);
      await beside(attack, (goesOn) => arena.load.drive(0, goesOn));
      const kills = arena.system.members.reduce((sum, member) => sum + member.kills, 0);
      const points = gatewayPoints.length + servicePoints.length;
      happened('deaths', kills, points * shape.hits + shape.randomKills);
      return { points, kills };
    },
  );

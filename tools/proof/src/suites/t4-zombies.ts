import type { Failpoint } from '@linli/bus';
import { eventually } from '@linli/testing';
import { counted, type Counts } from '../counts.js';
import type { Ground } from '../fleet/ground.js';
import type { Member } from '../fleet/member.js';
import { sampleOf } from '../fleet/metrics.js';
import { isFrozen } from '../fleet/state-of.js';
import type { Rows } from '../checkers/rows.js';
import type { LogEnds } from '../checkers/log-ends.js';
import type { RunOptions } from '../suite.js';
import { happened, untilHappened } from '../void.js';
import { inArena, type Arena } from './arena.js';
import { beside } from './nemesis.js';

/** Where the three zombies are frozen: about to open a transaction, and twice with one open, which keeps the fence. */
const places: readonly Failpoint[] = ['before-fence', 'after-fence', 'before-commit'];

/** The group notices a frozen member after its session time-out; the new owner has 15 s to get on. */
const SESSION_MS = 12_000;
const NEW_OWNER_WITHIN_MS = 15_000;

export type T4Shape = { readonly rounds: number; readonly tenants: number };

type Noticed = { readonly conflicts: number; readonly retries: number };

interface Mark {
  readonly topic: string;
  readonly part: number;
  readonly next: number;
}

const nextOf = async (rows: Rows): Promise<Map<string, number>> => {
  const marks = await rows<Mark>('select topic, part, next_offset::float8 as next from risk.progress');
  return new Map(marks.map(({ topic, part, next }) => [`${topic}/${part}`, next]));
};

/** Partitions with work that nobody has done. */
const waitingIn = async (rows: Rows, ends: LogEnds): Promise<Map<string, number>> => {
  const next = await nextOf(rows);
  const waiting = (await ends()).flatMap(({ topic, part, high }) => {
    const at = next.get(`${topic}/${part}`) ?? 0;
    return at < high ? [[`${topic}/${part}`, at] as const] : [];
  });
  return new Map(waiting);
};

/** What a service noticed since it started: work that others had done, and attempts that came to nothing. */
const noticedBy = async ({ serviceUrl }: Member): Promise<Noticed> => {
  const [conflicts, retries] = await Promise.all(
    ['conflicts', 'retries'].map((what) => sampleOf(serviceUrl, `linli_consumer_${what}_total`)),
  );
  return { conflicts: conflicts ?? 0, retries: retries ?? 0 };
};

/** All zombies frozen at their places, each holding records that it has fetched. */
const freeze = async (zombies: readonly Member[]): Promise<void> => {
  zombies.forEach((zombie, n) => zombie.arm(`${places[n % places.length]}:1:stop`));
  for (const zombie of zombies) {
    await untilHappened(`${zombie.name} frozen`, () => isFrozen(zombie.pid), 60_000);
    zombie.disarm();
  }
};

/** The new owner got on with everything that the zombies had held up; answers how long that took. */
const untilTakenOver = async ({ rows, ends }: Arena): Promise<number> => {
  const began = performance.now();
  const stuck = await waitingIn(rows, ends);
  happened('partitions held up', stuck.size);
  const moved = async (): Promise<boolean> => {
    const next = await nextOf(rows);
    return [...stuck].every(([partition, at]) => (next.get(partition) ?? 0) > at);
  };
  await eventually(moved, {
    withinMs: SESSION_MS + NEW_OWNER_WITHIN_MS,
    what: `progress of the new owner on ${[...stuck.keys()].join(', ')}`,
  });
  return Math.round(performance.now() - began);
};

/**
 * Awake again, the zombies go on where they stood, and each notices: what it was about to do is done, or its transaction
 * is gone. Which of the two it counts hangs on how many partitions shared the transaction.
 */
const wake = async (zombies: readonly Member[], before: readonly Noticed[]): Promise<Noticed> => {
  for (const zombie of zombies) zombie.thaw();
  let gained: Noticed[] = [];
  await untilHappened('each zombie that finds its work done, or its transaction gone', async () => {
    const now = await Promise.all(zombies.map(noticedBy));
    gained = now.map(({ conflicts, retries }, n) => ({
      conflicts: conflicts - (before[n]?.conflicts ?? 0),
      retries: retries - (before[n]?.retries ?? 0),
    }));
    return gained.every(({ conflicts, retries }) => conflicts + retries > 0);
  });
  return { conflicts: 0, retries: 0, ...counted(...gained) };
};

/** Services are frozen inside and outside of a transaction, others take over, and the frozen ones come back. */
export const zombiesWoken = async (ground: Ground, { seed, shape }: RunOptions<T4Shape>): Promise<Counts> =>
  inArena(
    {
      suite: 'T4',
      seed,
      ground,
      system: { gateways: 1, risks: 1 + places.length },
      load: { tenants: shape.tenants, warnings: shape.tenants * 30, clients: 8, pauseMs: 10 },
    },
    async (arena) => {
      const zombies = arena.system.risks.slice(1);
      const sums = { pauses: 0, conflicts: 0, retries: 0, slowestTakeOverMs: 0 };
      const attack = async (): Promise<void> => {
        for (let round = 0; round < shape.rounds; round += 1) {
          const before = await Promise.all(zombies.map(noticedBy));
          await freeze(zombies);
          const ms = await untilTakenOver(arena);
          const woken = await wake(zombies, before);
          sums.conflicts += woken.conflicts;
          sums.retries += woken.retries;
          sums.slowestTakeOverMs = Math.max(sums.slowestTakeOverMs, ms);
          sums.pauses += zombies.length;
        }
      };
      await beside(attack, (goesOn) => arena.load.drive(0, goesOn));
      happened('zombies that noticed', sums.conflicts + sums.retries, sums.pauses);
      return sums;
    },
  );

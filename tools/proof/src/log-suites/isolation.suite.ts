import { partitionOf } from '@linli/contracts';
import { eventually } from '@linli/testing';
import { setTimeout as pause } from 'node:timers/promises';
import { Findings } from '../broken.js';
import type { Counts } from '../counts.js';
import { allHappened } from '../void.js';
import type { Ground } from './ground.js';
import { suiteOnLog } from './rounds.js';
import { checkTold, countIn, toldIn } from './witnesses.js';
import { inWorld, type World } from './world.js';

const PARTITIONS = 4;
const STALLED = 0;
const EVERY_MS = 25;
/** Noise of a machine that does other things too; a neighbour held up by the stalled partition waits seconds. */
const FLOOR_MS = 1_500;

/** Keys of the partitions that are not stalled, and one of the one that is. */
const keysOf = (world: World): { stalled: string; others: string[] } => {
  const all = Array.from({ length: 200 }, (_, n) => world.key(n));
  const isStalled = (key: string): boolean => partitionOf(key, world.commands) === STALLED;
  return { stalled: all.find(isStalled) ?? '', others: all.filter((key) => !isStalled(key)) };
};

const percentile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? 0;

/** Sends a command every 25 ms to the other partitions; returns the p99 from the send to the effect. */
const p99While = async (world: World, keys: readonly string[], ms: number): Promise<number> => {
  const sentAt = new Map<number, number>();
  for (const end = Date.now() + ms; Date.now() < end; await pause(EVERY_MS)) {
    const at = Date.now();
    const [sent] = await world.send([{ key: keys[world.sent.length % keys.length] ?? '' }]);
    if (sent) sentAt.set(sent.n, at);
  }
  const done = async (): Promise<{ n: number; at: Date }[]> =>
    (
      await world.ground.database.query(`select n, at from ${world.told}.told where n = any($1)`, [
        [...sentAt.keys()],
      ])
    ).rows as { n: number; at: Date }[];
  const rows = await eventually(
    async () => {
      const found = await done();
      if (found.length < sentAt.size) throw new Error(`${found.length} of ${sentAt.size}`);
      return found;
    },
    { withinMs: 60_000, what: 'all commands of the other partitions' },
  );
  return percentile(
    rows.map(({ n, at }) => at.getTime() - (sentAt.get(n) ?? 0)),
    0.99,
  );
};

/** A session that holds a row; resolves to its release. */
const hold = async ({ ground }: World, sql: string, parameters: unknown[]): Promise<() => Promise<void>> => {
  const session = await ground.database.connect();
  await session.query('begin');
  await session.query(sql, parameters);
  return async () => {
    await session.query('rollback');
    session.release();
  };
};

interface Stall {
  readonly name: string;
  readonly begin: (world: World, key: string) => Promise<() => Promise<void>>;
}

const stalls: readonly Stall[] = [
  {
    name: 'blocked key',
    begin: (world, key) => hold(world, `select from ${world.told}.blocked where key = $1 for update`, [key]),
  },
  {
    name: 'locked progress',
    begin: (world) =>
      hold(world, `select from ${world.told}.progress where topic = $1 and part = $2 for update`, [
        ...[world.commands.name, STALLED],
      ]),
  },
];

const isResting = async (member: { state(): Promise<{ tally: { retries: number } }> }): Promise<number> =>
  (await member.state()).tally.retries;

/** One partition stands still for so long, once by a row that its handler needs and once by its own progress row. */
export const isolationOf = (ground: Ground, stallMs: number): Promise<Counts> =>
  inWorld(ground, PARTITIONS, async (world) => {
    const member = await world.start({ ...world.teller, tells: null });
    const { stalled, others } = keysOf(world);
    await ground.database.query(`insert into ${world.told}.blocked (key) values ($1)`, [stalled]);
    await p99While(world, others, 2_000);
    const calm = await p99While(world, others, 4_000);
    const counts: Record<string, number> = { 'p99 calm ms': calm };
    const findings = new Findings();
    for (const { name, begin } of stalls) {
      const retries = await isResting(member);
      const release = await begin(world, stalled);
      const [blocked] = await world.send([{ key: stalled, ill: 'waits' }]);
      const p99 = await p99While(world, others, stallMs);
      const [waits] = [(await toldIn(ground.database, world.told)).every(({ n }) => n !== blocked?.n)];
      await release();
      counts[name] = waits && (await isResting(member)) > retries ? 1 : 0;
      counts[`p99 with a ${name} ms`] = p99;
      if (p99 > 2 * calm + FLOOR_MS) findings.note(`p99 ${p99} ms beside a ${name}, ${calm} ms without`);
    }
    await eventually(
      async () => (await countIn(ground.database, `${world.told}.told`)) === world.sent.length,
      {
        withinMs: 30_000,
        what: 'the stalled partition to go on',
      },
    );
    findings.note(...checkTold(world.sent, await toldIn(ground.database, world.told)));
    findings.settle(`T19 (${JSON.stringify(counts)})`);
    allHappened(
      counts,
      stalls.map(({ name }) => name),
    );
    return counts;
  });

const STALL_MS = 60_000;

export const isolation = suiteOnLog(
  {
    id: 'T19',
    promise: 'A partition that stands still holds up no other',
    attack: 'one partition stalled by a locked row',
    rounds: 20,
  },
  (ground) => isolationOf(ground, STALL_MS),
);

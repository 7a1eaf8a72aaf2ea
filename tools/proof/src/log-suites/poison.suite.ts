import { streamRecord } from '@linli/bus';
import { partitionOf, type TopicSpec } from '@linli/contracts';
import { groupBy, seededRandom, type Random } from '@linli/kernel';
import { eventually } from '@linli/testing';
import { Findings } from '../broken.js';
import { counted, type Counts } from '../counts.js';
import { allHappened } from '../void.js';
import { freshTopic, type Ground } from './ground.js';
import { difference } from './lists.js';
import type { Told } from './member/doors.js';
import type { Member } from './members.js';
import { suiteOnLog } from './rounds.js';
import { supervise } from './supervise.js';
import { checkTold, countIn, toldIn } from './witnesses.js';
import { inWorld, type Sent, type World } from './world.js';

const PARTITIONS = 4;
const COMMANDS = 2_000;
const THROWING = 20;
const UNREADABLE = 2;
const HEALTHY_KEYS = 80;
const ILL_KEYS = 10;
/** Deaths after which what kills is set aside. */
const DEATHS = 5;
const STUCK_AFTER_MS = 2_000;

type Wish = Omit<Told, 'n'> & { readonly key: string };

/** Keys 0 to 9 get the poison, two each, among healthy commands of their own; the other keys only healthy ones. */
const wishesOf = (world: World, random: Random): Wish[] => {
  const wishes: Wish[] = Array.from({ length: COMMANDS }, () => ({
    key: world.key(Math.floor(random.next() * (ILL_KEYS + HEALTHY_KEYS))),
  }));
  for (let n = 0; n < THROWING; n += 1) {
    const at = Math.floor(((n + random.next()) / THROWING) * COMMANDS);
    wishes[at] = { key: world.key(n % ILL_KEYS), ill: 'throws' };
  }
  return wishes;
};

const sendUnreadable = ({ ground, commands }: World): Promise<void> =>
  ground.log.publish(
    commands,
    Array.from({ length: UNREADABLE }, (_, n) => ({
      ...{ partition: n % PARTITIONS, key: null, value: Buffer.from(`{ not a command`), headers: {} },
    })),
  );

/** Before the first poison of its key everything is done, from there on everything waits. */
const beforePoison = (sent: readonly Sent[]): Sent[] =>
  [...groupBy(sent, ({ key }) => key).values()].flatMap((list) => {
    const first = list.findIndex(({ ill }) => ill !== undefined);
    return first === -1 ? list : list.slice(0, first);
  });

const untilTold = (world: World, count: number): Promise<unknown> =>
  eventually(async () => (await countIn(world.ground.database, `${world.told}.told`)) >= count, {
    withinMs: 60_000,
    what: `${count} commands done`,
  });

/** The operator mends the cause and releases the keys: all is done then, in the order of each key. */
const mendAndRelease = async (world: World, member: Member): Promise<number> => {
  const { database } = world.ground;
  for (const { n } of world.sent.filter(({ ill }) => ill !== undefined))
    await database.query(`insert into ${world.told}.mended (n) values ($1)`, [n]);
  const parked = await database.query(`select distinct key from ${world.told}.parked_key`);
  let replayed = 0;
  for (const { key } of parked.rows as { key: string }[])
    for (const released of await member.release(key)) replayed += released.replayed;
  return replayed;
};

const crowd = (shared: Ground, seed: number): Promise<Counts> =>
  inWorld(shared, PARTITIONS, async (world) => {
    const { database } = world.ground;
    const findings = new Findings();
    const member = await world.start({ ...world.teller, tells: null });
    const wishes = wishesOf(world, seededRandom(seed));
    await world.send(wishes.slice(0, COMMANDS / 2));
    await sendUnreadable(world);
    await world.send(wishes.slice(COMMANDS / 2));
    const healthy = beforePoison(world.sent);
    const waiting = world.sent.length - healthy.length;
    await untilTold(world, healthy.length);
    await eventually(async () => (await countIn(database, `${world.told}.parked_message`)) === waiting, {
      what: `${waiting} commands parked`,
    });
    const first = await toldIn(database, world.told);
    findings.note(...checkTold(healthy, first));
    if (first.length !== healthy.length)
      findings.note(`${first.length} done where ${healthy.length} could be`);
    const dead = await countIn(database, `${world.told}.dead_letter`);
    if (dead !== UNREADABLE) findings.note(`${dead} dead letters for ${UNREADABLE} unreadable records`);
    const replayed = await mendAndRelease(world, member);
    findings.note(...checkTold(world.sent, await toldIn(database, world.told)));
    findings.settle('T8, poison among commands');
    return { commands: world.sent.length, throwing: THROWING, unreadable: dead, parked: waiting, replayed };
  });

/** One command of forty ends the process, again and again, until it is set aside. */
const deadly = (shared: Ground, ill: 'kills' | 'loops', how: string): Promise<Counts> =>
  inWorld(shared, PARTITIONS, async (world) => {
    const { database } = world.ground;
    await world.send(
      Array.from({ length: 40 }, (_, n) => ({ key: world.key(n % 20), ...(n === 23 && { ill }) })),
    );
    const healthy = beforePoison(world.sent);
    const settings = { ...world.teller, tells: null, stuckAfterMs: ill === 'loops' ? STUCK_AFTER_MS : 0 };
    const isDone = async (): Promise<boolean> =>
      (await countIn(database, `${world.told}.told`)) >= healthy.length &&
      (await countIn(database, `${world.told}.parked_message`)) === world.sent.length - healthy.length;
    const { member, deaths } = await supervise(world, settings, isDone);
    const findings = new Findings();
    findings.note(
      difference(
        `deaths by what ${ill}`,
        Array.from({ length: DEATHS }, () => how),
        deaths,
      ),
    );
    findings.note(...checkTold(healthy, await toldIn(database, world.told)));
    const replayed = await mendAndRelease(world, member);
    findings.note(...checkTold(world.sent, await toldIn(database, world.told)));
    findings.settle(`T8, a command that ${ill}`);
    return { [`deaths by what ${ill}`]: deaths.length, replayed };
  });

const RECORDS = 20;
const ITEMS = 50;

/** Item 666 breaks a constraint of the table: it alone is set aside, under its index. */
const packed = (shared: Ground): Promise<Counts> =>
  inWorld(shared, PARTITIONS, async (world) => {
    const { database, log } = world.ground;
    const intake: TopicSpec = await freshTopic(world.ground, 'intake', PARTITIONS);
    const items = Array.from({ length: RECORDS }, (_, r) =>
      Array.from({ length: ITEMS }, (_one, i) => r * ITEMS + i),
    );
    await log.publish(
      intake,
      items.map((list, r) => streamRecord(intake, `record ${r}`, list)),
    );
    await world.start({ ...world.teller, commands: null, tells: null, intake });
    await eventually(async () => (await countIn(database, `${world.told}.stored`)) === RECORDS * ITEMS - 1, {
      withinMs: 30_000,
      what: 'all items but one',
    });
    const letters = await database.query(`select item, part from ${world.told}.dead_letter`);
    const findings = new Findings();
    const expected = JSON.stringify([
      { item: 666 % ITEMS, part: partitionOf(`record ${Math.floor(666 / ITEMS)}`, intake) },
    ]);
    if (JSON.stringify(letters.rows) !== expected)
      findings.note(`set aside: ${JSON.stringify(letters.rows)}`);
    findings.settle('T8, a poisoned item in a packed record');
    return {
      'items stored beside a poisoned one': RECORDS * ITEMS - 1,
      'items set aside': letters.rows.length,
    };
  });

/** One that aborts the process and one that never ends, each in a service of its own. */
export const deadlyCommands = async (ground: Ground): Promise<Counts> =>
  counted(
    ...(await Promise.all([
      deadly(ground, 'kills', 'signal SIGABRT'),
      deadly(ground, 'loops', 'signal SIGKILL'),
    ])),
  );

export const poisonousMessages = async (ground: Ground, seed: number): Promise<Counts> => {
  const counts = counted(await crowd(ground, seed), await packed(ground));
  allHappened(counts, ['throwing', 'unreadable', 'parked', 'replayed', 'items set aside']);
  return counts;
};

export const poison = suiteOnLog(
  {
    id: 'T8',
    promise: 'Poison harms only its key, which keeps its order',
    attack: 'commands that throw, kill, loop or cannot be read, and one bad item in a packed record',
    rounds: 25,
  },
  async (ground, seed) =>
    counted(...(await Promise.all([deadlyCommands(ground), poisonousMessages(ground, seed)]))),
);

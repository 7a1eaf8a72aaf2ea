import { eventually } from '@linli/testing';
import { Findings } from '../broken.js';
import { counted, type Counts } from '../counts.js';
import { allHappened } from '../void.js';
import { damages, recreate, type Damage, type Victim } from './damage.js';
import type { Ground } from './ground.js';
import { difference } from './lists.js';
import { untilPublished, type Member } from './members.js';
import { suiteOnLog } from './rounds.js';
import { checkFacts, checkTold, countIn, heardIn, journalOf, toldIn } from './witnesses.js';
import { inWorld, type Sent, type World } from './world.js';

const PARTITIONS = 2;
const KEYS = 10;
const READ_BEFORE = 60;
/** Within this an operator must see that something is wrong. */
const ALERT_WITHIN_MS = 10_000;

const wishes = (world: World, count: number) =>
  Array.from({ length: count }, (_, n) => ({ key: world.key(n % KEYS), facts: 1 }));

const reached = (ground: Ground, table: string, count: number): Promise<unknown> =>
  eventually(async () => (await countIn(ground.database, table)) >= count, {
    withinMs: 40_000,
    what: `${count} rows in ${table}`,
  });

/** Facts sent by a teller that lives on; all of them are in the log when it returns. */
const factsOf = (world: World, teller: Member): Victim => ({
  ground: world.ground,
  topic: world.facts,
  readerSchema: world.heard,
  async more(count) {
    await world.send(wishes(world, count));
    await reached(world.ground, `${world.told}.told`, world.sent.length);
    await untilPublished(teller);
  },
});

const commandsOf = (world: World): Victim => ({
  ground: world.ground,
  topic: world.commands,
  readerSchema: world.told,
  more: async (count) => void (await world.send(wishes(world, count))),
});

const judgeFacts = async (world: World, what: string): Promise<void> => {
  const { database } = world.ground;
  const findings = new Findings();
  const journal = await journalOf(database, world.told, world.facts);
  findings.note(...checkFacts(world.facts, journal, await heardIn(database, world.heard)));
  if (journal.length !== world.sent.length)
    findings.note(`${journal.length} of ${world.sent.length} were told`);
  findings.settle(`T7, facts, ${what}`);
};

/** Facts are healed from the journal: the lists are equal after every damage, whether the reader was away or not. */
const healed = (shared: Ground): Promise<Counts> =>
  inWorld(shared, PARTITIONS, async (world) => {
    const { ground } = world;
    const teller = await world.start(world.teller);
    const victim = factsOf(world, teller);
    const counts: Counts[] = [];
    let hearer = await world.start(world.hearer(teller));
    const untilHealed = async (what: string): Promise<void> => {
      await reached(ground, `${world.heard}.heard`, world.sent.length);
      await judgeFacts(world, what);
      counts.push({ [what]: 1, healed: (await hearer.state()).tally.healed });
    };
    await victim.more(READ_BEFORE);
    await reached(ground, `${world.heard}.heard`, READ_BEFORE);
    for (const { name, inflict } of damages) {
      await hearer.stop();
      await inflict(victim);
      hearer = await world.start(hearer.settings);
      await untilHealed(name);
    }
    return counted(...counts);
  });

const haltedIn = async (member: Member, partitions: number): Promise<string[]> =>
  eventually(
    async () => {
      const halted = (await member.state()).consumers.flatMap(({ halted: why }) =>
        why === null ? [] : [why],
      );
      if (halted.length < partitions) throw new Error(`${halted.length} halted: ${halted.join(', ')}`);
      return halted;
    },
    { withinMs: ALERT_WITHIN_MS, what: `${partitions} halted partitions` },
  );

/** A teller that has done the first commands. */
const atWork = async (world: World): Promise<Member> => {
  const teller = await world.start(world.teller);
  await world.send(wishes(world, READ_BEFORE));
  await reached(world.ground, `${world.told}.told`, READ_BEFORE);
  return teller;
};

const judgeCommands = async (
  { ground, told }: World,
  what: string,
  sent: readonly Sent[],
  ...more: (string | null)[]
): Promise<void> => {
  const findings = new Findings();
  findings.note(...checkTold(sent, await toldIn(ground.database, told)), ...more);
  findings.settle(`T7, commands, ${what}`);
};

/** Commands are not guessed: both partitions halt, visibly, and nothing behind the damage is done. */
const halted = (shared: Ground, damage: Damage): Promise<Counts> =>
  inWorld(shared, PARTITIONS, async (world) => {
    const teller = await atWork(world);
    await teller.stop();
    await damage.inflict(commandsOf(world));
    const back = await world.start(world.teller);
    await haltedIn(back, PARTITIONS);
    await judgeCommands(world, damage.name, world.sent.slice(0, READ_BEFORE));
    return { [damage.name]: 1, halted: PARTITIONS };
  });

/** Every command stays in the partition of its key, and the set-up is reported. */
const grown = (shared: Ground, damage: Damage): Promise<Counts> =>
  inWorld(shared, PARTITIONS, async (world) => {
    const { ground } = world;
    const teller = await atWork(world);
    await teller.stop();
    await damage.inflict(commandsOf(world));
    const faults = await ground.log.check([world.commands]);
    await world.start(world.teller);
    await reached(ground, `${world.told}.told`, world.sent.length);
    const reported = faults.map(({ topic }) => topic ?? '');
    const unreported = difference('topics reported', [world.commands.name], reported);
    await judgeCommands(world, damage.name, world.sent, unreported);
    return { [damage.name]: 1, reported: faults.length };
  });

const ANEW = 'topic made anew while it is read';

/** The topic is made anew under a reader at work, and soon has more records than were read. */
const halfwayAnew = (shared: Ground): Promise<Counts> =>
  inWorld(shared, PARTITIONS, async (world) => {
    const teller = await atWork(world);
    await recreate({ ground: world.ground, topic: world.commands });
    await world.send(wishes(world, 200));
    await haltedIn(teller, PARTITIONS);
    await judgeCommands(world, ANEW, world.sent.slice(0, READ_BEFORE));
    return { [ANEW]: 1, halted: PARTITIONS };
  });

const stopped = async (ground: Ground): Promise<Counts> => {
  const all: Counts[] = [];
  for (const damage of damages) {
    all.push(await (damage.name === 'partitions added' ? grown : halted)(ground, damage));
  }
  return counted(...all, await halfwayAnew(ground));
};

/** Every way to lose or change the log, for facts and for commands. */
export const lossOfLog = async (ground: Ground): Promise<Counts> => {
  const counts = counted(...(await Promise.all([healed(ground), stopped(ground)])));
  allHappened(counts, ['healed', 'halted', 'reported', ANEW, ...damages.map(({ name }) => name)]);
  return counts;
};

export const logLoss = suiteOnLog(
  {
    id: 'T7',
    promise: 'Losing or changing the log is detected, never silent',
    attack: 'records deleted unread, topics made anew, partitions added, offsets beyond the end',
    rounds: 10,
  },
  lossOfLog,
);

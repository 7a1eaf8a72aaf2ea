import { seededRandom, type Random } from '@linli/kernel';
import { eventually } from '@linli/testing';
import { setTimeout as pause } from 'node:timers/promises';
import { Findings } from '../broken.js';
import type { Counts } from '../counts.js';
import { isFrozen } from '../fleet/state-of.js';
import { allHappened } from '../void.js';
import { deleteRecords, type Ground } from './ground.js';
import { endOf, untilPublished, type Member } from './members.js';
import { suiteOnLog } from './rounds.js';
import { checkFacts, checkTold, countIn, heardIn, journalOf, toldIn } from './witnesses.js';
import { inWorld, type World } from './world.js';

const PARTITIONS = 6;
const KEYS = 40;
const FACTS_EACH = 5;
/** Commands of one round; a round has seven faults. */
const COMMANDS = 2_000;
const HOLD_MS = 4_000;
const ALL_WITHIN_MS = 120_000;

interface Round {
  readonly world: World;
  readonly random: Random;
  readonly counts: Record<string, number>;
  teller: Member;
  hearer: Member;
}

const send = ({ world, random }: Round, count: number): Promise<unknown> =>
  world.send(
    Array.from({ length: count }, () => ({
      key: world.key(Math.floor(random.next() * KEYS)),
      facts: FACTS_EACH,
    })),
  );

const nth = (random: Random): number => 1 + Math.floor(random.next() * 4);
const done = (round: Round, fault: string): void => {
  round.counts[fault] = (round.counts[fault] ?? 0) + 1;
};

const heardSoFar = ({ world }: Round): Promise<number> =>
  countIn(world.ground.database, `${world.heard}.heard`);

const untilHeard = (round: Round, count: number): Promise<unknown> =>
  eventually(async () => (await heardSoFar(round)) >= count, {
    withinMs: ALL_WITHIN_MS,
    everyMs: 100,
    what: `${count} facts heard`,
  });

/** A little more load at a time, until it has met the fault: how many rounds that takes hangs on the machine. */
const sendUntil = async (round: Round, met: () => boolean, what: string): Promise<void> => {
  await send(round, COMMANDS / 8);
  await eventually(
    async () => {
      if (met()) return true;
      await send(round, KEYS);
      return met();
    },
    { withinMs: 60_000, everyMs: 200, what },
  );
};

/** A relay beside the teller's own, which has nothing to do yet: it is ready before it meets its failpoint. */
const startRelay = async ({ world, teller }: Round, failpoint: string): Promise<Member> => {
  await untilPublished(teller);
  return world.start(world.relay, failpoint);
};

/** A relay dies between the send and its mark: another sends the same numbers again. */
const killRelay = async (round: Round): Promise<void> => {
  const relay = await startRelay(round, `after-publish:${nth(round.random)}:kill`);
  await sendUntil(round, () => relay.hasEnded(), 'a dead relay');
  if ((await endOf(relay, 30_000)) === 'signal SIGKILL') done(round, 'relays killed');
};

/** A relay freezes with numbers in its hands, and sends them when they are long old. */
const freezeRelay = async (round: Round): Promise<Member> => {
  const relay = await startRelay(round, `before-publish:${nth(round.random)}:stop`);
  await sendUntil(round, () => isFrozen(relay.pid), 'a frozen relay');
  done(round, 'relays frozen');
  return relay;
};

const resetTellers = async (round: Round): Promise<void> => {
  const { TELLERS } = round.world.ground.doors;
  for (let times = 0; times < 3; times += 1) {
    await send(round, Math.ceil(COMMANDS / 24));
    const before = await heardSoFar(round);
    if (TELLERS.reset() > 0) done(round, 'connections reset');
    await untilHeard(round, before + 1);
  }
};

const blackHole = async (round: Round): Promise<void> => {
  const { TELLERS } = round.world.ground.doors;
  const met = TELLERS.counts().met['black-hole'];
  TELLERS.set({ kind: 'black-hole' });
  await send(round, COMMANDS / 8);
  await pause(HOLD_MS);
  TELLERS.heal();
  if (TELLERS.counts().met['black-hole'] > met) done(round, 'black holes');
};

/** What the hearer has not read yet leaves the log, while it is away. */
const deleteUnread = async (round: Round): Promise<void> => {
  const { world } = round;
  const { log } = world.ground;
  await round.hearer.stop();
  const before = new Map((await log.watermarks(world.facts)).map(({ partition, high }) => [partition, high]));
  const highBefore = (partition: number): number => before.get(partition) ?? Infinity;
  await send(round, COMMANDS / 4);
  const { partition, high } = await eventually(
    async () => {
      const marks = await log.watermarks(world.facts);
      const grown = marks.find((mark) => mark.high > highBefore(mark.partition) + 20);
      if (!grown) throw new Error('none yet');
      return grown;
    },
    { withinMs: 60_000, what: 'facts that are not read' },
  );
  await deleteRecords(world.ground, world.facts, partition, high - 3);
  done(round, 'records deleted unread');
  round.hearer = await world.start(round.hearer.settings);
};

const killTeller = async (round: Round): Promise<void> => {
  const { world } = round;
  await send(round, COMMANDS / 4);
  round.teller.kill('SIGKILL');
  if ((await round.teller.ended) === 'signal SIGKILL') done(round, 'tellers killed');
  await world.bury(world.teller);
  round.teller = await world.start({ ...world.teller, port: Number(new URL(round.teller.url).port) });
};

const inflict = async (round: Round): Promise<void> => {
  await killRelay(round);
  const frozen = await freezeRelay(round);
  await resetTellers(round);
  await blackHole(round);
  await deleteUnread(round);
  frozen.kill('SIGCONT');
  await killTeller(round);
};

const judge = async ({ world }: Round, counts: Counts): Promise<void> => {
  const { database } = world.ground;
  const journal = await journalOf(database, world.told, world.facts);
  const findings = new Findings();
  findings.note(...checkTold(world.sent, await toldIn(database, world.told)));
  findings.note(...checkFacts(world.facts, journal, await heardIn(database, world.heard)));
  if (journal.length !== world.sent.length * FACTS_EACH)
    findings.note(`${journal.length} facts in the journal for ${world.sent.length} commands`);
  findings.settle(`T5 (${JSON.stringify(counts)})`);
};

const faults = [
  'relays killed',
  'relays frozen',
  'connections reset',
  'black holes',
  'records deleted unread',
  'tellers killed',
  'healed',
  'duplicates',
];

/** One round: a load of facts under seven faults. */
export const factsUnderFaults = (ground: Ground, seed: number): Promise<Counts> =>
  inWorld(ground, PARTITIONS, async (world) => {
    const teller = await world.start(world.teller);
    const hearer = await world.start(world.hearer(teller));
    const round: Round = { world, random: seededRandom(seed), counts: {}, teller, hearer };
    await inflict(round);
    await untilHeard(round, world.sent.length * FACTS_EACH);
    const { tally } = await round.hearer.state();
    const counts = {
      ...{ commands: world.sent.length, facts: world.sent.length * FACTS_EACH },
      ...{ ...round.counts, healed: tally.healed, duplicates: tally.duplicates },
    };
    await judge(round, counts);
    allHappened(counts, faults);
    return counts;
  }).finally(() => ground.doors.TELLERS.heal());

export const facts = suiteOnLog(
  {
    id: 'T5',
    promise: 'Every fact told is heard once, in the order of its stream',
    attack: 'relays killed and frozen, two at once, connections reset and held, records sent late',
    rounds: 20,
  },
  factsUnderFaults,
);

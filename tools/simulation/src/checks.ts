import { verifyChain, type StampedEntry, type Stream } from '@linli/bus';
import type { Outcome } from '@linli/contracts';
import { CASES, COMMANDS, type CaseRow, type EffectRow } from './casework.js';
import type { SimDatabase } from './database.js';
import type { District } from './district.js';
import { logged, setAside } from './logged.js';
import { Machine } from './machine.js';
import type { HeardRow } from './register.js';
import { simStore } from './store.js';

type Id = string | null;
type Check = (district: District) => string[];

const rows = <Row>(database: SimDatabase, table: string): Row[] => database.tables.reader().rows<Row>(table);
const byNth = <Row extends { readonly nth: number }>(all: Row[]): Row[] =>
  all.toSorted((a, b) => a.nth - b.nth);

/** Where two lists that should be the same part. */
const differing = (what: string, expected: readonly Id[], found: readonly Id[]): string[] => {
  const place = Array.from({ length: Math.max(expected.length, found.length) }).findIndex(
    (_, n) => expected[n] !== found[n],
  );
  if (place === -1) return [];
  const shown = (all: readonly Id[]): string => all[place] ?? 'nothing';
  return [`${what} differ from the ${place + 1}th: ${shown(expected)}, ${shown(found)}`];
};

const journalOf = (database: SimDatabase, topic: string): StampedEntry[] =>
  rows<Stream>(database, 'stream')
    .filter((stream) => stream.topic === topic)
    .toSorted((a, b) => a.partition - b.partition)
    .flatMap(({ partition }) =>
      rows<StampedEntry>(database, `journal ${topic} ${partition}`).toSorted((a, b) => a.seq - b.seq),
    );

const effectsOf = ({ casework }: District): EffectRow[] => byNth(rows<EffectRow>(casework, 'effect'));

const finalOutcomes: Check = (district) => {
  const tx = district.casework.tables.reader();
  const told = [district.casework, district.register].flatMap((database) =>
    journalOf(database, COMMANDS.name),
  );
  const aside = setAside(district);
  return [...district.history.accepted.keys(), ...told.map(({ eventId }) => eventId)].flatMap((id) => {
    const outcome = tx.get<Outcome>('outcome', id);
    if (outcome && outcome.status !== 'parked') return [];
    if (aside.has(id)) return [];
    return [`command ${id} was accepted and has ${outcome ? 'only been parked' : 'no outcome'}`];
  });
};

const effectsOnce: Check = (district) => {
  const counts = new Map<string, number>();
  for (const { commandId } of effectsOf(district)) counts.set(commandId, (counts.get(commandId) ?? 0) + 1);
  const outcomes = rows<Outcome>(district.casework, 'outcome');
  const expected = new Map(outcomes.map(({ commandId, status }) => [commandId, status === 'done' ? 1 : 0]));
  return [...new Set([...counts.keys(), ...expected.keys()])]
    .filter((id) => (counts.get(id) ?? 0) !== (expected.get(id) ?? 0))
    .map((id) => `command ${id} had ${counts.get(id) ?? 0} effects, expected ${expected.get(id) ?? 0}`);
};

const contiguousVersions: Check = (district) =>
  district.cases.flatMap((id) => {
    const versions = effectsOf(district)
      .filter(({ aggregateId }) => aggregateId === id)
      .map(({ version }) => version);
    const version = district.casework.tables.reader().get<CaseRow>('case', id)?.version ?? 0;
    const dense = versions.every((one, n) => one === n + 1) && version === versions.length;
    return dense ? [] : [`case ${id} is at ${version} and went through versions ${versions.join(' ')}`];
  });

const orderOfAcceptance: Check = (district) => {
  const inLog = logged(district);
  return district.cases.flatMap((id) => {
    const done = effectsOf(district).filter(({ aggregateId }) => aggregateId === id);
    const applied = done.map(({ commandId }) => commandId);
    const known = new Set(applied);
    const accepted = inLog.map(({ commandId }) => commandId).filter((commandId) => known.has(commandId));
    return differing(`case ${id}: commands as accepted and as applied`, accepted, applied);
  });
};

const factsOfEffects: Check = (district) => {
  const facts = journalOf(district.casework, CASES.name);
  return district.cases.flatMap((id) => {
    const told = facts.filter(({ aggregateId }) => aggregateId === id).map(({ commandId }) => commandId);
    const done = effectsOf(district)
      .filter(({ aggregateId }) => aggregateId === id)
      .map(({ commandId }) => commandId);
    return differing(`case ${id}: commands as applied and as told`, done, told);
  });
};

const heardOnce: Check = (district) => {
  const heard = byNth(rows<HeardRow>(district.register, 'heard'));
  return district.cases.flatMap((id) => {
    const told = journalOf(district.casework, CASES.name)
      .filter(({ aggregateId }) => aggregateId === id)
      .map(({ eventId }) => eventId);
    const applied = heard.filter(({ aggregateId }) => aggregateId === id).map(({ eventId }) => eventId);
    return differing(`case ${id}: facts as told and as heard`, told, applied);
  });
};

/** A stream keeps its order as a whole, where no key of it was ever parked. */
const heardInOrder: Check = ({ casework, register }) => {
  if (register.everParked) return [];
  const seqs = new Map(journalOf(casework, CASES.name).map((row) => [row.eventId, row]));
  const last = new Map<number, number>();
  return byNth(rows<HeardRow>(register, 'heard')).flatMap(({ eventId }) => {
    const row = seqs.get(eventId);
    if (!row) return [`fact ${eventId} was heard but never told`];
    const before = last.get(row.partition) ?? 0;
    last.set(row.partition, row.seq);
    return row.seq === before + 1 ? [] : [`fact ${row.partition}/${row.seq} was heard after ${before}`];
  });
};

const firstSentInOrder: Check = (district) =>
  district.broker.marks(CASES.name).flatMap(({ partition }) => {
    let highest = 0;
    return district.broker.read(CASES.name, partition, 0).flatMap(({ headers, offset }) => {
      const seq = Number(headers['ce_sequence']);
      const jumps = seq > highest + 1 && district.world.faults.counts['record lost'] === 0;
      highest = Math.max(highest, seq);
      return jumps ? [`fact ${partition}/${seq} was first sent too early, at ${offset}`] : [];
    });
  });

const repliesAreTrue: Check = ({ casework, history }) =>
  history.replies.flatMap((reply) => {
    const kept = casework.tables.reader().get<Outcome>('outcome', reply.commandId);
    return JSON.stringify(kept) === JSON.stringify(reply)
      ? []
      : [`the answer to ${reply.commandId} was ${reply.status}, kept is ${kept?.status ?? 'nothing'}`];
  });

const checks: readonly Check[] = [
  finalOutcomes,
  effectsOnce,
  contiguousVersions,
  orderOfAcceptance,
  factsOfEffects,
  heardOnce,
  heardInOrder,
  firstSentInOrder,
  repliesAreTrue,
];

const brokenChains = async ({ world, casework, register }: District): Promise<string[]> => {
  const broken: string[] = [];
  for (const [database, topic] of [
    [casework, CASES],
    [casework, COMMANDS],
    [register, COMMANDS],
  ] as const) {
    const store = simStore(new Machine(world, 'auditor', true), database);
    for (let partition = 0; partition < topic.partitions; partition += 1) {
      const { fault } = await world.until(verifyChain(store, topic.name, partition));
      if (fault) broken.push(`${topic.name}/${partition}: ${fault.seq} ${fault.problem}`);
    }
  }
  return broken;
};

/** What is wrong with the tables and histories that a run left behind. Nothing is asked of the system itself. */
export const violations = async (district: District): Promise<string[]> => [
  ...checks.flatMap((check) => check(district)),
  ...(await brokenChains(district)),
];

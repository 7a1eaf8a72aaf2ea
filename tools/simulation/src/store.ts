import { memoryBusStore, type BusStore, type Place } from '@linli/bus';
import type { SimDatabase } from './database.js';
import { simJournal } from './journal.js';
import type { Machine } from './machine.js';
import { inTransaction, SimTransaction } from './transaction.js';

type Store = BusStore<SimTransaction>;

const memory = memoryBusStore();

const placeRow = ({ group, topic, partition }: Place): string => `progress ${group} ${topic} ${partition}`;

const progress: Store['progress'] = {
  lock: (tx, place) =>
    tx.statement(`locks ${placeRow(place)}`, [placeRow(place)], (inner) =>
      memory.progress.lock(inner, place),
    ),
  lockFree: (tx, group, topic, partitions) =>
    tx.lockFree(
      `locks what is free of ${group}`,
      partitions.map((partition) => placeRow({ group, topic, partition })),
      (inner, free) =>
        memory.progress.lockFree(
          inner,
          group,
          topic,
          partitions.filter((partition) => free.has(placeRow({ group, topic, partition }))),
        ),
    ),
  advance: (tx, steps) =>
    tx.statement(
      `advances ${steps.map(({ place, to }) => `${placeRow(place)} to ${to.offset}`).join(', ')}`,
      steps.map(({ place }) => placeRow(place)),
      (inner) => memory.progress.advance(inner, steps),
    ),
  of: (tx, group, topic) =>
    tx.statement(`reads progress of ${group}`, [], (inner) => memory.progress.of(inner, group, topic)),
  async release(tx, group, topic, owner) {
    const rows = [...(await progress.of(tx, group, topic))]
      .filter(([, row]) => row.owner === owner)
      .map(([partition]) => placeRow({ group, topic, partition }));
    await tx.statement(`says farewell to ${group}`, rows.toSorted(), (inner) =>
      memory.progress.release(inner, group, topic, owner),
    );
  },
};

const outcomes: Store['outcomes'] = {
  find: (tx, ids) => tx.statement('looks for outcomes', [], (inner) => memory.outcomes.find(inner, ids)),
  async put(tx, rows) {
    if (rows.length === 0) return;
    const locked = rows.map((row) => `outcome ${row.commandId}`);
    await tx.statement(`writes ${rows.length} outcomes`, locked, (inner) => memory.outcomes.put(inner, rows));
  },
};

const keyRow = (group: string, key: string): string => `parked_key ${group} ${key}`;

const parking: Store['parking'] = {
  parkedAmong: (tx, group, keys) =>
    tx.statement('looks for parked keys', [], (inner) => memory.parking.parkedAmong(inner, group, keys)),
  park(tx, key) {
    tx.noteParking();
    return tx.statement(`parks ${key.key}`, [keyRow(key.group, key.key)], (inner) =>
      memory.parking.park(inner, key),
    );
  },
  async append(tx, messages) {
    if (messages.length === 0) return;
    await tx.statement(`parks ${messages.length} messages`, [], (inner) =>
      memory.parking.append(inner, messages),
    );
  },
  keys: (tx, key) => tx.statement('lists parked keys', [], (inner) => memory.parking.keys(inner, key)),
  first: (tx, group, key) =>
    tx.statement('looks for a parked message', [], (inner) => memory.parking.first(inner, group, key)),
  remove: (tx, message) =>
    tx.statement(`removes parked message ${message.n}`, [`parked_message ${message.n}`], (inner) =>
      memory.parking.remove(inner, message),
    ),
  unpark: (tx, group, key) =>
    tx.statement(`unparks ${key}`, [keyRow(group, key)], (inner) => memory.parking.unpark(inner, group, key)),
};

const deadLetters: Store['deadLetters'] = {
  async add(tx, letters) {
    if (letters.length === 0) return;
    const rows = letters.map((row) => `letter ${placeRow(row)} ${row.offset} ${row.index}`);
    await tx.statement(`writes ${letters.length} dead letters`, rows, (inner) =>
      memory.deadLetters.add(inner, letters),
    );
  },
  list: (tx, limit) =>
    tx.statement('lists dead letters', [], (inner) => memory.deadLetters.list(inner, limit)),
};

const refuse = async (): Promise<never> => {
  throw new Error('operators are not simulated');
};

const asked = {
  ...{ attempt: refuse, letters: refuse, letter: refuse, lockLetter: refuse, endLetter: refuse },
  ...{ failLetter: refuse, letterCounts: refuse, parkings: refuse, parking: refuse, waiting: refuse },
};

/** Of the operators' side only what the bus does by itself. */
const operate: Store['operate'] = {
  ...asked,
  partitions: (tx, group, topic) =>
    tx.statement(`looks at the partitions of ${group}`, [], (inner) =>
      memory.operate.partitions(inner, group, topic),
    ),
  setHalted: (tx, place, halted) =>
    tx.statement(`notes whether ${placeRow(place)} is halted`, [placeRow(place)], (inner) =>
      memory.operate.setHalted(inner, place, halted),
    ),
  sweep: (tx, before, limit) =>
    tx.statement('sweeps', [], (inner) => memory.operate.sweep(inner, before, limit)),
};

/** The database as one process reaches it: the bus's memory store behind a network and row locks. */
export const simStore = (machine: Machine, database: SimDatabase): Store => ({
  transaction: (_pool, work) => inTransaction(machine, database, work),
  statement: (_pool, work) => inTransaction(machine, database, work),
  reader: () => new SimTransaction(machine, database, null),
  progress,
  outcomes,
  parking,
  deadLetters,
  operate,
  journal: simJournal,
  counts: (tx) => tx.statement('counts', [], (inner) => memory.counts(inner)),
});

import { memoryBusStore, type BusStore } from '@linli/bus';
import type { SimTransaction } from './transaction.js';

type Operate = BusStore<SimTransaction>['operate'];

const memory = memoryBusStore().operate;

/** The operators' rows. They are not fought over in the simulation, so that none of them is locked. */
export const operate: Operate = {
  attempt: (_tx, work) => work(),
  letters: (tx, filter) => tx.statement('lists letters', [], (inner) => memory.letters(inner, filter)),
  letter: (tx, id) => tx.statement('looks for a letter', [], (inner) => memory.letter(inner, id)),
  lockLetter: (tx, id) =>
    tx.statement(`locks letter ${id}`, [`letter ${id}`], (inner) => memory.lockLetter(inner, id)),
  endLetter: (tx, id, end) =>
    tx.statement(`ends letter ${id}`, [`letter ${id}`], (inner) => memory.endLetter(inner, id, end)),
  failLetter: (tx, id, error) =>
    tx.statement(`fails letter ${id}`, [`letter ${id}`], (inner) => memory.failLetter(inner, id, error)),
  letterCounts: (tx) => tx.statement('counts letters', [], (inner) => memory.letterCounts(inner)),
  parkings: (tx, page) => tx.statement('lists parkings', [], (inner) => memory.parkings(inner, page)),
  parking: (tx, id) => tx.statement('looks for a parking', [], (inner) => memory.parking(inner, id)),
  waiting: (tx, key, limit) =>
    tx.statement('lists what waits', [], (inner) => memory.waiting(inner, key, limit)),
  partitions: (tx, group, topic) =>
    tx.statement('lists partitions', [], (inner) => memory.partitions(inner, group, topic)),
  setHalted: (tx, place, halted) =>
    tx.statement('notes a halt', [], (inner) => memory.setHalted(inner, place, halted)),
  sweep: (tx, before, limit) => tx.statement('sweeps', [], (inner) => memory.sweep(inner, before, limit)),
};

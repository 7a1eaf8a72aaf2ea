import { memoryBusStore, type BusStore } from '@linli/bus';
import type { SimTransaction } from './transaction.js';

const { journal } = memoryBusStore();

const streamRow = (topic: string, partition: number): string => `stream ${topic} ${partition}`;

/** The journal's statements over the network, with the locks that PostgreSQL would take for them. */
export const simJournal: BusStore<SimTransaction>['journal'] = {
  async append(tx, entries) {
    if (entries.length === 0) return;
    await tx.statement(`tells ${entries.length} entries`, [], (inner) => journal.append(inner, entries));
  },
  open: (tx, topic) =>
    tx.statement(`opens ${topic.name}`, [`streams ${topic.name}`], (inner) => journal.open(inner, topic)),
  prepare: (tx) => tx.statement('prepares months', [], (inner) => journal.prepare(inner)),
  waiting: (tx) => tx.statement('looks for entries to stamp', [], (inner) => journal.waiting(inner)),
  async lock(tx, topic) {
    const streams = await tx.statement(`reads streams of ${topic}`, [], (inner) =>
      journal.streams(inner, topic),
    );
    const rows = streams.map(({ partition }) => streamRow(topic, partition));
    return tx.statement(`locks streams of ${topic}`, rows, (inner) => journal.lock(inner, topic));
  },
  take: (tx, topic, limit) =>
    tx.statement(`takes entries of ${topic}`, [`fact_new ${topic}`], (inner) =>
      journal.take(inner, topic, limit),
    ),
  async write(tx, rows) {
    if (rows.length === 0) return;
    const locked = [...new Set(rows.map((row) => streamRow(row.topic, row.partition)))].toSorted();
    await tx.statement(`writes ${rows.length} journal rows`, locked, (inner) => journal.write(inner, rows));
  },
  streams: (tx, topic) =>
    tx.statement(`reads streams of ${topic}`, [], (inner) => journal.streams(inner, topic)),
  unpublished: (tx, topic, limit) =>
    tx.statement(`looks for rows to publish on ${topic}`, [], (inner) =>
      journal.unpublished(inner, topic, limit),
    ),
  markPublished: (tx, topic, seqs) =>
    tx.statement(
      `marks ${topic} published`,
      [...seqs.keys()].toSorted((a, b) => a - b).map((partition) => streamRow(topic, partition)),
      (inner) => journal.markPublished(inner, topic, seqs),
    ),
  slice: (tx, slice) =>
    tx.statement(`reads journal rows of ${slice.topic}`, [], (inner) => journal.slice(inner, slice)),
  after: (tx, topic, cursor, limit) =>
    tx.statement(`reads journal rows of ${topic}`, [], (inner) => journal.after(inner, topic, cursor, limit)),
  timeline: (tx, tenant, id) =>
    tx.statement(`reads the timeline of ${id}`, [], (inner) => journal.timeline(inner, tenant, id)),
};

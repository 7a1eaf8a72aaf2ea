import type { JournalEntry } from './journal-entry.js';
import type { StampedEntry } from '../store/journal-store.js';

/** A journal row as others see it. */
export const toJournalEntry = (row: StampedEntry): JournalEntry => ({
  topic: row.topic,
  partition: row.partition,
  seq: row.seq,
  eventId: row.eventId,
  type: row.type,
  tenant: row.tenant,
  aggregateId: row.aggregateId,
  aggregateVersion: row.aggregateVersion,
  actor: row.actor,
  commandId: row.commandId,
  correlationId: row.correlationId,
  causationId: row.causationId,
  at: row.at,
  data: JSON.parse(row.payload),
});

import { FactEnvelope } from '@linli/contracts';
import type { JournalEntry } from '../journal/journal-entry.js';
import type { LogRecord, NewRecord } from '../log/log.js';
import type { StampedEntry } from '../store/journal-store.js';
import { TRACEPARENT } from '../watch.js';
import type { Decoded } from './decoded.js';

/** A fact with its place in the producer's journal. */
export interface NumberedFact {
  readonly seq: number;
  readonly epoch: number;
  readonly hops: number;
  readonly fact: FactEnvelope;
}

/** CloudEvents wants the extension `sequence` to sort as text. */
const SEQUENCE_WIDTH = 16;

/** A journal row as CloudEvents 1.0, Kafka binary mode: attributes in headers, data as the value. */
export const factRecord = (row: StampedEntry, service: string): NewRecord => ({
  partition: row.partition,
  key: row.aggregateId,
  value: Buffer.from(row.payload),
  headers: {
    'content-type': 'application/json',
    ce_specversion: '1.0',
    ce_id: row.eventId,
    ce_source: `/linli/${service}`,
    ce_type: row.type,
    ce_subject: row.aggregateId,
    ce_time: row.at.toISOString(),
    ce_partitionkey: row.aggregateId,
    ce_sequence: String(row.seq).padStart(SEQUENCE_WIDTH, '0'),
    ce_correlationid: row.correlationId,
    ...(row.causationId !== null && { ce_causationid: row.causationId }),
    ce_linliepoch: String(row.epoch),
    ce_linlitenant: row.tenant,
    ce_linliversion: String(row.aggregateVersion),
    ce_linliactor: row.actor,
    ce_linlihops: String(row.hops),
    ...(row.traceparent && { ce_traceparent: row.traceparent, [TRACEPARENT]: row.traceparent }),
  },
});

const envelope = (headers: LogRecord['headers'], data: unknown) => ({
  id: headers['ce_id'],
  source: headers['ce_source'],
  type: headers['ce_type'],
  subject: headers['ce_subject'],
  time: headers['ce_time'],
  tenant: headers['ce_linlitenant'],
  aggregateVersion: Number(headers['ce_linliversion']),
  correlationId: headers['ce_correlationid'],
  causationId: headers['ce_causationid'] ?? null,
  actor: headers['ce_linliactor'],
  data,
});

export const readFact = ({ headers, value }: LogRecord): Decoded<NumberedFact> => {
  const [seq, epoch, hops] = ['ce_sequence', 'ce_linliepoch', 'ce_linlihops'].map((name) =>
    Number(headers[name]),
  );
  if (!isCount(seq) || !isCount(epoch) || seq === 0 || epoch === 0) return { bad: 'no sequence or epoch' };
  if (!value) return { bad: 'no value' };
  try {
    const parsed = FactEnvelope.safeParse(envelope(headers, JSON.parse(value.toString('utf8'))));
    if (!parsed.success) return { bad: `not a fact: ${parsed.error.message}` };
    return { value: { seq, epoch, hops: isCount(hops) ? hops : 0, fact: parsed.data } };
  } catch (error) {
    return { bad: `not JSON: ${String(error)}` };
  }
};

const isCount = (value: number | undefined): value is number =>
  Number.isSafeInteger(value) && Number(value) >= 0;

/** The same fact, read from the producer's journal instead of the log. */
export const healedFact = (entry: JournalEntry, epoch: number): NumberedFact => ({
  seq: entry.seq,
  epoch,
  hops: 0,
  fact: {
    id: entry.eventId,
    source: `/linli/${entry.topic.split('.')[1] ?? ''}`,
    type: entry.type,
    subject: entry.aggregateId,
    time: entry.at.toISOString(),
    tenant: entry.tenant,
    aggregateVersion: entry.aggregateVersion,
    correlationId: entry.correlationId,
    causationId: entry.causationId,
    actor: entry.actor,
    data: entry.data,
  },
});

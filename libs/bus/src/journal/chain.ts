import { createHash } from 'node:crypto';
import serialize from 'canonicalize';
import type { BusStore } from '../store/bus-store.js';
import { genesis, type StampedEntry } from '../store/journal-store.js';

/** The package is CommonJS: under `nodenext` its types and its module disagree about where the function is. */
const canonicalize = serialize as unknown as (input: unknown) => string | undefined;

/** SHA-256 (hex) over the hash before and the row in canonical JSON (RFC 8785). */
export const hashOf = (row: Omit<StampedEntry, 'hash'>): string => {
  const content = {
    ...{ topic: row.topic, partition: row.partition, seq: row.seq, epoch: row.epoch },
    ...{ kind: row.kind, eventId: row.eventId, type: row.type, tenant: row.tenant },
    ...{ aggregateId: row.aggregateId, aggregateVersion: row.aggregateVersion, actor: row.actor },
    ...{ commandId: row.commandId, correlationId: row.correlationId, causationId: row.causationId },
    ...{ hops: row.hops, at: row.at.toISOString(), payload: row.payload },
  };
  const text = `${row.previousHash}\n${canonicalize(content) ?? ''}`;
  return createHash('sha256').update(text).digest('hex');
};

/** What is wrong with a stream, and where first. */
export interface ChainFault {
  readonly seq: number;
  readonly problem: string;
}
export interface ChainReport {
  readonly topic: string;
  readonly partition: number;
  /** Rows that were found right. */
  readonly rows: number;
  readonly fault: ChainFault | null;
}

const PAGE = 1000;

interface Link {
  readonly seq: number;
  readonly hash: string;
}

const faultOf = (row: StampedEntry, before: Link): ChainFault | null => {
  const seq = before.seq + 1;
  if (row.seq !== seq) return { seq, problem: `missing: row ${row.seq} follows row ${before.seq}` };
  const { hash, ...content } = row;
  if (row.previousHash !== before.hash) return { seq, problem: 'does not continue the row before it' };
  return hashOf(content) === hash ? null : { seq, problem: 'was changed: its hash does not fit its content' };
};

/** Walks a stream from its first row to its end and names the first row that is wrong. */
export const verifyChain = async <Tx>(
  store: BusStore<Tx>,
  topic: string,
  partition: number,
): Promise<ChainReport> => {
  const tx = store.reader('http');
  const stream = (await store.journal.streams(tx, topic)).find((one) => one.partition === partition);
  const end: Link = { seq: stream?.lastSeq ?? 0, hash: stream?.lastHash ?? genesis };
  let last: Link = { seq: 0, hash: genesis };
  const report = (fault: ChainFault | null): ChainReport => ({ topic, partition, rows: last.seq, fault });
  for (;;) {
    const page = await store.journal.slice(tx, { topic, partition, from: last.seq + 1, limit: PAGE });
    for (const row of page) {
      const fault = faultOf(row, last);
      if (fault) return report(fault);
      if (row.seq === end.seq && row.hash !== end.hash) {
        return report({ seq: row.seq, problem: 'is not the row that the stream ends with' });
      }
      last = row;
    }
    if (page.length < PAGE) break;
  }
  if (last.seq >= end.seq) return report(null);
  return report({ seq: last.seq + 1, problem: `missing: the stream ends at ${end.seq}` });
};

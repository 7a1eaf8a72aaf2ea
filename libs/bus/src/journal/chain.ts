import { createHash } from 'node:crypto';
import serialize from 'canonicalize';
import type { BusStore } from '../store/bus-store.js';
import { genesis, type StampedEntry } from '../store/journal-store.js';
import { isGenuine, type Anchor, type Anchoring } from './anchors.js';

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
  /** The last row that an anchor outside of the database confirms; 0 = none, and then a rewritten chain is not seen. */
  readonly anchored: number;
  readonly fault: ChainFault | null;
}

const PAGE = 1000;

interface Link {
  readonly seq: number;
  readonly hash: string;
}

/** A row that must be as it is said to be, and who says so. */
interface Fixed extends Link {
  readonly problem: string;
  readonly missing: string;
}

const faultOf = (row: StampedEntry, before: Link): ChainFault | null => {
  const seq = before.seq + 1;
  if (row.seq !== seq) return { seq, problem: `missing: row ${row.seq} follows row ${before.seq}` };
  const { hash, ...content } = row;
  if (row.previousHash !== before.hash) return { seq, problem: 'does not continue the row before it' };
  return hashOf(content) === hash ? null : { seq, problem: 'was changed: its hash does not fit its content' };
};

const endOf = async <Tx>(store: BusStore<Tx>, topic: string, partition: number): Promise<Fixed> => {
  const streams = await store.journal.streams(store.reader('http'), topic);
  const stream = streams.find((one) => one.partition === partition);
  const seq = stream?.lastSeq ?? 0;
  return {
    ...{ seq, hash: stream?.lastHash ?? genesis },
    problem: 'is not the row that the stream ends with',
    missing: `missing: the stream ends at ${seq}`,
  };
};

const fixedBy = ({ seq, hash, at }: Anchor): Fixed => ({
  ...{ seq, hash },
  problem: `was rewritten, or one before it: not the row anchored at ${at}`,
  missing: `missing: row ${seq} was anchored at ${at}`,
});

/** Walks the rows; the fixed points must be met on the way. */
const walk = async <Tx>(
  store: BusStore<Tx>,
  { topic, partition }: { topic: string; partition: number },
  fixed: readonly Fixed[],
): Promise<{ last: Link; fault: ChainFault | null }> => {
  let last: Link = { seq: 0, hash: genesis };
  for (;;) {
    const slice = { topic, partition, from: last.seq + 1, limit: PAGE };
    const page = await store.journal.slice(store.reader('http'), slice);
    for (const row of page) {
      const fault = faultOf(row, last);
      if (fault) return { last, fault };
      const broken = fixed.find(({ seq, hash }) => seq === row.seq && hash !== row.hash);
      if (broken) return { last, fault: { seq: row.seq, problem: broken.problem } };
      last = row;
    }
    if (page.length < PAGE) break;
  }
  const beyond = fixed.find(({ seq }) => seq > last.seq);
  if (beyond) return { last, fault: { seq: last.seq + 1, problem: beyond.missing } };
  const { seq: end } = await endOf(store, topic, partition);
  const fault = last.seq > end ? { seq: end + 1, problem: `was put in: the stream ends at ${end}` } : null;
  return { last, fault };
};

/**
 * Walks a stream from its first row to its end and names the first row that is wrong. A chain alone shows an edit; that
 * its end was cut off, or all of it written anew, is shown by anchors.
 */
export const verifyChain = async <Tx>(
  store: BusStore<Tx>,
  topic: string,
  partition: number,
  anchoring?: Anchoring,
): Promise<ChainReport> => {
  const anchors = (await anchoring?.sink.of(topic, partition)) ?? [];
  const report = { topic, partition, rows: 0, anchored: 0 };
  const forged = anchoring && anchors.find((anchor) => !isGenuine(anchor, anchoring.signer));
  if (forged)
    return { ...report, fault: { seq: forged.seq, problem: `its anchor of ${forged.at} is not genuine` } };
  const { last, fault } = await walk(store, { topic, partition }, [
    await endOf(store, topic, partition),
    ...anchors.map(fixedBy),
  ]);
  const anchored = Math.max(0, ...anchors.map(({ seq }) => seq).filter((seq) => seq <= last.seq));
  return { ...report, rows: last.seq, anchored, fault };
};

import { hashOf, type StampedEntry } from '@linli/bus';
import type { Pool } from 'pg';

/** One stream of a journal in the hands of somebody who may write to the database, but has no key. */
export interface Stream {
  readonly database: Pool;
  readonly schema: string;
  readonly topic: string;
  readonly partition: number;
  readonly rows: readonly StampedEntry[];
  /** Rows that an anchor confirms, ascending. */
  readonly anchored: readonly number[];
}

/** Changes the stream around row `k` and says which row the verifier must name. */
export interface Tamper {
  readonly name: string;
  readonly times: number;
  readonly apply: (stream: Stream, k: number) => Promise<number>;
}

const change = async (
  { database, schema, topic, partition }: Stream,
  sql: string,
  more: unknown[],
): Promise<void> => {
  const text = sql.replaceAll('journal', `${schema}.journal`).replaceAll('stream', `${schema}.stream`);
  const { rowCount } = await database.query(text, [topic, partition, ...more]);
  if (!rowCount) throw new Error(`changed nothing: ${text}`);
};

const at = ({ rows }: Stream, seq: number): StampedEntry => rows[seq - 1] as StampedEntry;
const forged = (row: StampedEntry): StampedEntry => ({ ...row, payload: '{"n":-1}' });

const rewrite = (stream: Stream, { seq, payload, previousHash, hash }: StampedEntry): Promise<void> =>
  change(
    stream,
    'update journal set payload = $4, previous_hash = $5, hash = $6 where topic = $1 and part = $2 and seq = $3',
    [seq, payload, previousHash, hash],
  );

const endAt = (stream: Stream, seq: number, hash: string): Promise<void> =>
  change(stream, 'update stream set last_seq = $3, last_hash = $4 where topic = $1 and part = $2', [
    seq,
    hash,
  ]);

const rehashed = (row: StampedEntry): StampedEntry => {
  const { hash: _, ...content } = row;
  return { ...content, hash: hashOf(content) };
};

const where = 'where topic = $1 and part = $2 and seq = $3';

export const tampers: readonly Tamper[] = [
  {
    name: 'edit',
    times: 4,
    apply: async (stream, k) => {
      await change(stream, `update journal set payload = '{"n":-1}' ${where}`, [k]);
      return k;
    },
  },
  {
    name: 'delete',
    times: 3,
    apply: async (stream, k) => {
      await change(stream, `delete from journal ${where}`, [k]);
      return k;
    },
  },
  {
    name: 'swap',
    times: 3,
    apply: async (stream, k) => {
      await change(stream, `update journal set seq = -1 ${where}`, [k]);
      await change(stream, `update journal set seq = $4 ${where}`, [k + 1, k]);
      await change(stream, `update journal set seq = $4 ${where}`, [-1, k + 1]);
      return k;
    },
  },
  {
    name: 'cut the tail, and the end of the stream with it',
    times: 3,
    apply: async (stream, k) => {
      await change(stream, 'delete from journal where topic = $1 and part = $2 and seq > $3', [k]);
      await endAt(stream, k, at(stream, k).hash);
      return k + 1;
    },
  },
  {
    name: 'insert',
    times: 3,
    apply: async (stream) => {
      const last = at(stream, stream.rows.length);
      const more = rehashed({ ...forged(last), seq: last.seq + 1, previousHash: last.hash });
      await change(
        stream,
        `insert into journal select topic, part, $4, epoch, kind, event_id, type, tenant, aggregate_id, aggregate_version,
           actor, command_id, correlation_id, causation_id, hops, at, $5, $6, $7, stamped_at from journal ${where}`,
        [last.seq, more.seq, more.payload, more.previousHash, more.hash],
      );
      return more.seq;
    },
  },
  {
    name: 'edit and rehash of one row',
    times: 4,
    apply: async (stream, k) => {
      await rewrite(stream, rehashed(forged(at(stream, k))));
      return k + 1;
    },
  },
  {
    name: 'chain written anew to its end',
    times: 3,
    apply: async (stream, k) => {
      let row = rehashed(forged(at(stream, k)));
      await rewrite(stream, row);
      for (let seq = k + 1; seq <= stream.rows.length; seq += 1) {
        row = rehashed({ ...at(stream, seq), previousHash: row.hash });
        await rewrite(stream, row);
      }
      await endAt(stream, row.seq, row.hash);
      // Only an anchored row is known from outside: the first one that is not as it was.
      return stream.anchored.find((seq) => seq >= k) ?? Number.NaN;
    },
  },
];

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { TopicSpec } from '@linli/contracts';
import type { Transaction } from '@linli/store';
import type { BusStore } from '../store/bus-store.js';
import { postgresBusStore } from '../store/postgres/postgres-bus-store.js';
import { openSpecDatabase, type SpecDatabase } from '../store/postgres/spec-database.js';
import { macSigner } from '../wire/signer.js';
import { verifyChain } from './chain.js';
import { relayTopic } from './relay.js';
import { stampAll } from './stamper.js';
import { anEntry, openTopic, SentLog, stampEverything, tell } from './workbench.js';

let spec: SpecDatabase;
let store: BusStore<Transaction>;
let topics = 0;

beforeAll(async () => {
  spec = await openSpecDatabase();
  store = postgresBusStore(spec.database);
});
afterAll(() => spec.close());

const newTopic = async (partitions: number): Promise<TopicSpec> => {
  topics += 1;
  const topic: TopicSpec = { name: `journal.${topics}.v1`, partitions, holds: 'facts' };
  await openTopic(store, topic);
  return topic;
};

const range = (to: number): number[] => Array.from({ length: to }, (_, n) => n + 1);

describe('stamping in PostgreSQL', () => {
  it('leaves no hole and no double under four writers and two stampers, and keeps the order of each key', async () => {
    const topic = await newTopic(3);
    const other = postgresBusStore(await spec.another());
    const writers = new AbortController();
    const write = async (writer: number): Promise<void> => {
      for (let n = 1; n <= 60; n += 1) {
        await store.transaction('consumer', async (tx) => {
          await store.journal.append(tx, [
            anEntry(topic, n, { aggregateId: `key ${writer}`, payload: `"a ${writer} ${n}"` }),
            anEntry(topic, n, { aggregateId: `key ${writer}`, payload: `"b ${writer} ${n}"` }),
          ]);
          if (n % 10 === 0) await tx.query('select pg_sleep(0.01)');
        });
      }
    };
    const stampOn = async (stamping: BusStore<Transaction>): Promise<void> => {
      do await stampAll(stamping);
      while (!writers.signal.aborted);
    };
    const stampers = [stampOn(store), stampOn(other)];
    await Promise.all([1, 2, 3, 4].map(write));
    writers.abort();
    await Promise.all(stampers);
    await stampEverything(store);
    const rows = await store.journal.after(store.reader('http'), topic.name, [0, 0, 0], 10_000);
    expect(rows).toHaveLength(480);
    for (const partition of [0, 1, 2]) {
      const seqs = rows.filter((row) => row.partition === partition).map(({ seq }) => seq);
      expect(seqs).toEqual(range(seqs.length));
      expect((await verifyChain(store, topic.name, partition)).fault).toBeNull();
    }
    for (const writer of [1, 2, 3, 4]) {
      const told = rows.filter((row) => row.aggregateId === `key ${writer}`).map(({ payload }) => payload);
      expect(told).toEqual(range(60).flatMap((n) => [`"a ${writer} ${n}"`, `"b ${writer} ${n}"`]));
    }
  });
});

describe('publishing from PostgreSQL', () => {
  it('after a crash between sending and marking sends the same numbers for the same facts', async () => {
    const topic = await newTopic(2);
    const log = new SentLog();
    const signer = macSigner((text) => Buffer.from(text));
    const all = async (): Promise<void> => {
      while (await relayTopic({ service: 'test', store, log, signer }, topic));
    };
    await tell(store, topic, 1, 300);
    await stampEverything(store);
    log.fault = 'after';
    await expect(all()).rejects.toThrow('no answer');
    await tell(store, topic, 301, 400);
    await stampEverything(store);
    log.fault = 'none';
    await Promise.all([all(), all()]);
    const ids = new Map<string, Set<string | undefined>>();
    for (const { partition, headers } of log.sent) {
      const place = `${partition} ${headers['ce_sequence']}`;
      ids.set(place, (ids.get(place) ?? new Set()).add(headers['ce_id']));
    }
    expect(log.sent.length).toBeGreaterThan(400);
    expect(ids.size).toBe(400);
    expect([...ids.values()].every((different) => different.size === 1)).toBe(true);
    expect(new Set(log.sent.map(({ headers }) => headers['ce_id'])).size).toBe(400);
  });
});

describe('the chain', () => {
  const rowsOf = async (count: number): Promise<TopicSpec> => {
    const topic = await newTopic(1);
    await tell(store, topic, 1, count);
    await stampEverything(store);
    expect(await verifyChain(store, topic.name, 0)).toEqual({
      topic: topic.name,
      partition: 0,
      rows: count,
      anchored: 0,
      fault: null,
    });
    return topic;
  };
  const tamper = (sql: string, topic: TopicSpec): Promise<number> =>
    spec.database.connection('http').execute(sql, [topic.name]);

  it.each([
    ['payload', `'{"n":0}'`],
    ['actor', `'somebody'`],
    ['at', `at + interval '1 millisecond'`],
    ['tenant', `'another'`],
    ['aggregate_version', 'aggregate_version + 1'],
    ['causation_id', `'made up'`],
    ['hash', `'${'0'.repeat(64)}'`],
  ])('names a row whose %s was changed', async (column, value) => {
    const topic = await rowsOf(20);
    expect(await tamper(`update journal set ${column} = ${value} where topic = $1 and seq = 7`, topic)).toBe(
      1,
    );
    expect(await verifyChain(store, topic.name, 0)).toMatchObject({
      rows: 6,
      fault: { seq: 7, problem: 'was changed: its hash does not fit its content' },
    });
  });

  it('names a row that was taken out', async () => {
    const topic = await rowsOf(20);
    await tamper('delete from journal where topic = $1 and seq = 7', topic);
    expect((await verifyChain(store, topic.name, 0)).fault).toEqual({
      seq: 7,
      problem: 'missing: row 8 follows row 6',
    });
  });

  it('names the first row when it was taken out', async () => {
    const topic = await rowsOf(3);
    await tamper('delete from journal where topic = $1 and seq = 1', topic);
    expect((await verifyChain(store, topic.name, 0)).fault?.seq).toBe(1);
  });

  it('names the first of two rows that changed places', async () => {
    const topic = await rowsOf(20);
    const move = (from: number, to: number): Promise<number> =>
      tamper(`update journal set seq = ${to} where topic = $1 and seq = ${from}`, topic);
    await move(7, 99);
    await move(8, 7);
    await move(99, 8);
    expect((await verifyChain(store, topic.name, 0)).fault).toEqual({
      seq: 7,
      problem: 'does not continue the row before it',
    });
  });

  it('names the place where the end was cut off', async () => {
    const topic = await rowsOf(20);
    await tamper('delete from journal where topic = $1 and seq > 17', topic);
    expect((await verifyChain(store, topic.name, 0)).fault).toEqual({
      seq: 18,
      problem: 'missing: the stream ends at 20',
    });
  });

  it('names a changed row beyond the first thousand', async () => {
    const topic = await rowsOf(2100);
    await tamper(`update journal set type = 'x' where topic = $1 and seq = 2050`, topic);
    expect((await verifyChain(store, topic.name, 0)).fault?.seq).toBe(2050);
  });
});

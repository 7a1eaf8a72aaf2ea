import type { TopicSpec } from '@linli/contracts';
import { type Database, openDatabase } from '@linli/store';
import { embeddedDatabase } from '@linli/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { logConformance } from '../../conformance/log.conformance.js';
import { Gate, Reader, until } from '../../conformance/reader.js';
import type { NewRecord } from '../log.js';
import { logMigrations } from './log-tables.js';
import { type PostgresLog, postgresLog } from './postgres-log.js';

let server: Awaited<ReturnType<typeof embeddedDatabase>>;
let database: Database;

const record = (partition: number, text: string): NewRecord => ({
  partition,
  key: null,
  value: Buffer.from(text),
  headers: {},
});

beforeAll(async () => {
  server = await embeddedDatabase({ durable: true });
  database = await openDatabase({ url: server.url, schema: 'log', migrations: logMigrations });
});

afterAll(async () => {
  await database.close();
  await server.stop();
});

logConformance('PostgreSQL', async () => postgresLog({ database }), {
  sharesPartitions: false,
  durable: true,
});

describe('the Postgres log', () => {
  let log: PostgresLog;
  let topics = 0;
  const newTopic = async (partitions = 3): Promise<TopicSpec> => {
    topics += 1;
    const topic: TopicSpec = { name: `own.${topics}.v1`, partitions, holds: 'facts' };
    await log.provision([topic]);
    return topic;
  };

  beforeAll(() => {
    log = postgresLog({ database });
  });
  afterAll(async () => {
    await log.close();
  });

  it('numbers densely and in commit order when several processes write to the same partitions', async () => {
    const topic = await newTopic();
    const writers = Array.from({ length: 4 }, () => postgresLog({ database }));
    const reader = await Reader.on(log, topic);
    await Promise.all(
      writers.map(async (writer, name) => {
        for (let n = 0; n < 50; n += 1) {
          await writer.publish(topic, [
            record(2, `${name}:${n}`),
            record(0, `${name}:${n}`),
            record(1, `${name}:${n}`),
          ]);
        }
      }),
    );
    await until(() => reader.records.length >= 600);
    for (const partition of [0, 1, 2]) {
      expect(reader.offsets(partition)).toEqual(Array.from({ length: 200 }, (_, n) => n));
      for (const name of [0, 1, 2, 3]) {
        const mine = reader.texts(partition).filter((text) => text?.startsWith(`${name}:`));
        expect(mine).toEqual(Array.from({ length: 50 }, (_, n) => `${name}:${n}`));
      }
    }
    await Promise.all([reader.stop(), ...writers.map((writer) => writer.close())]);
  });

  it('delivers what another process publishes', async () => {
    const topic = await newTopic();
    const other = postgresLog({ database });
    const reader = await Reader.on(log, topic);
    await until(() => reader.positions().length === 3);
    await other.publish(topic, [record(0, 'from there')]);
    await until(() => reader.texts().includes('from there'));
    await Promise.all([reader.stop(), other.close()]);
  });

  it('lets a bad record harm its own caller only', async () => {
    const topic = await newTopic();
    const bad: NewRecord = { partition: 0, key: 'nul \0 in a key', value: null, headers: {} };
    const calls = await Promise.allSettled([
      log.publish(topic, [record(0, 'before')]),
      log.publish(topic, [bad]),
      log.publish(topic, [record(0, 'after')]),
    ]);
    expect(calls.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(calls[1]).toMatchObject({ reason: { name: 'PublishRefused', code: 'LOG_RECORD_INVALID' } });
    expect((await log.readAt(topic, 0, 1))?.value?.toString()).toBe('after');
  });

  it('gives up what is older than asked, raises the low mark, and goes on numbering', async () => {
    const topic = await newTopic();
    await log.publish(topic, [record(0, 'old'), record(0, 'old too'), record(1, 'old')]);
    const last = await log.readAt(topic, 0, 1);
    const cut = new Date((last?.appendedAt.getTime() ?? 0) + 1);
    await until(() => Date.now() > cut.getTime() + 1);
    await log.publish(topic, [record(0, 'new')]);
    expect(await log.prune(topic, cut)).toBe(3);
    expect(await log.watermarks(topic)).toEqual([
      { partition: 0, low: 2, high: 3 },
      { partition: 1, low: 1, high: 1 },
      { partition: 2, low: 0, high: 0 },
    ]);
    expect(await log.readAt(topic, 0, 1)).toBeNull();
    expect((await log.readAt(topic, 0, 2))?.value?.toString()).toBe('new');
    expect(await log.prune(topic, cut)).toBe(0);
  });

  it('asks for the start anew when records expired under a subscriber', async () => {
    const topic = await newTopic(1);
    await log.publish(topic, [record(0, 'a'), record(0, 'b')]);
    const gate = new Gate();
    const reader = await Reader.on(log, topic, {
      answer: async ([first]) => {
        if (first?.value?.toString() !== 'a') return undefined;
        await gate.passed;
        return { from: 1 };
      },
    });
    await until(() => reader.batches.length === 1);
    await log.prune(topic, new Date(Date.now() + 60_000));
    gate.open();
    await until(() => reader.assignments.length === 2);
    expect(reader.assignments[1]).toEqual([{ partition: 0, low: 2, high: 2 }]);
    await log.publish(topic, [record(0, 'c')]);
    await until(() => reader.texts().includes('c'));
    await reader.stop();
  });
});

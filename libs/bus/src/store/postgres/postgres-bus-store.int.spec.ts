import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Transaction } from '@linli/store';
import { busStoreConformance } from '../../conformance/bus-store.conformance.js';
import { postgresBusStore } from './postgres-bus-store.js';
import { openSpecDatabase, type SpecDatabase } from './spec-database.js';

let spec: SpecDatabase;

beforeAll(async () => {
  spec = await openSpecDatabase();
});
afterAll(() => spec.close());

busStoreConformance<Transaction>('PostgreSQL', () => postgresBusStore(spec.database));

it('leaves out at once the partitions that somebody else holds', async () => {
  const store = postgresBusStore(spec.database);
  const at = (partition: number) => ({ group: 'held', topic: 't', partition });
  for (const partition of [0, 1, 2])
    await store.transaction('consumer', (tx) => store.progress.lock(tx, at(partition)));
  const found = await store.transaction('consumer', async (holder) => {
    await store.progress.lock(holder, at(1));
    return store.transaction('consumer', (tx) => store.progress.lockFree(tx, 'held', 't', [0, 1, 2]));
  });
  expect([...found.keys()]).toEqual([0, 2]);
});

describe('the tables of the bus', () => {
  it('write journal rows into the partition of their month', async () => {
    const store = postgresBusStore(spec.database);
    await store.transaction('relay', (tx) => store.journal.prepare(tx));
    const rows = await spec.database
      .connection('http')
      .query<{ name: string }>(
        `select inhrelid::regclass::text as name from pg_inherits where inhparent = 'journal'::regclass order by 1`,
      );
    const now = new Date();
    const months = [0, 1, 2].map((ahead) => {
      const month = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + ahead, 1));
      return `journal_${month.toISOString().slice(0, 7).replace('-', '_')}`;
    });
    expect(rows.map(({ name }) => name)).toEqual([...months, 'journal_other'].toSorted());
  });

  it('refuse what is too large for the log when it is told, not when it is sent', async () => {
    const store = postgresBusStore(spec.database);
    const entry = {
      ...{ topic: 't', kind: 'fact' as const, eventId: '00000000-0000-4000-8000-000000000001', type: 't' },
      ...{
        tenant: 't',
        aggregateId: 'a',
        aggregateVersion: 1,
        actor: 'a',
        commandId: null,
        correlationId: 'c',
      },
      ...{ causationId: null, hops: 0, at: new Date(), payload: 'x'.repeat(800_000) },
    };
    await expect(store.transaction('consumer', (tx) => store.journal.append(tx, [entry]))).rejects.toThrow(
      'fact_new_size',
    );
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { busMigrations } from '@linli/bus';
import { systemClock } from '@linli/kernel';
import { openDatabase, type Database } from '@linli/store';
import { embeddedDatabase } from '@linli/testing';
import { deadlineStoreConformance } from '../../conformance/deadline-store.conformance.js';
import { slaReadsConformance } from '../../conformance/sla-reads.conformance.js';
import { armed, uuid } from '../../ledger/ledger.fixture.js';
import { deadlineMigrations } from './migrations.js';
import { postgresDeadlineStore } from './postgres-deadlines.js';

let server: Awaited<ReturnType<typeof embeddedDatabase>>;
let database: Database;

beforeAll(async () => {
  server = await embeddedDatabase();
  const migrations = [...busMigrations, ...deadlineMigrations];
  database = await openDatabase({ url: server.url, schema: 'deadlines', migrations, allowUnsafe: true });
});
afterAll(async () => {
  await database.close();
  await server.stop();
});

const emptied = async () => {
  await database.connection('http').execute('truncate deadline, deadline_change, deadline_firing');
  return { store: postgresDeadlineStore(database), clock: systemClock };
};

deadlineStoreConformance('PostgreSQL', emptied);
slaReadsConformance('PostgreSQL', emptied);

describe('the tables of deadlines', () => {
  it('are swept by the index, however many are armed', async () => {
    const { store } = await emptied();
    const many = Array.from({ length: 5_000 }, (_, n) =>
      armed({ id: uuid(n + 1), from: Date.now() + n * 1000 }),
    );
    await store.transaction((tx) => store.insert(tx, many));
    const plan = await database.transaction('http', async (tx) => {
      await tx.execute('analyze deadline');
      const lines = await tx.query<{ 'QUERY PLAN': string }>(
        `explain analyze select id from deadline where next_at <= (select clock_timestamp())
         order by next_at, id limit 500 for update skip locked`,
      );
      return lines.map((line) => line['QUERY PLAN']).join('\n');
    });
    expect(plan).toContain('Index Cond: (next_at <= ');
    expect(plan).not.toContain('Rows Removed by Filter');
  });

  it('show a reader the deadlines of its tenant and its areas only', async () => {
    const { store } = await emptied();
    const all = [
      armed({ id: uuid(1), area: '330110003012' }),
      armed({ id: uuid(2), area: '330106003012' }),
      armed({ id: uuid(3), area: null }),
      armed({ id: uuid(4), tenant: 'other' }),
    ];
    await store.transaction((tx) => store.insert(tx, all));
    const seen = (areas: string[] | null) =>
      database.readAs({ tenant: 'yuhang', areas }, async (tx) =>
        (await tx.query<{ id: string }>('select id from deadline order by id')).map(({ id }) => id),
      );
    expect(await seen(['330110'])).toEqual([uuid(1)]);
    expect(await seen(null)).toEqual([uuid(1), uuid(2), uuid(3)]);
  });

  it('let a rung be taken once even if its deadline were set back by hand', async () => {
    const { store } = await emptied();
    await store.transaction((tx) => store.insert(tx, [armed({ from: Date.now() - 6 * 3_600_000 })]));
    const claim = () => store.sweep((tx) => store.claim(tx, 500));
    expect(await claim()).toHaveLength(1);
    await database
      .connection('http')
      .execute("update deadline set next_rung = 0, next_at = now() - interval '1 hour'");
    expect(await claim()).toEqual([]);
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { busMigrations } from '@linli/bus';
import { systemClock } from '@linli/kernel';
import { classify, openDatabase, type Database } from '@linli/store';
import { embeddedDatabase, eventually } from '@linli/testing';
import { deadlineStoreConformance } from '../../conformance/deadline-store.conformance.js';
import { slaReadsConformance } from '../../conformance/sla-reads.conformance.js';
import { armed, uuid } from '../../ledger/ledger.fixture.js';
import { statementsBy } from './firing-statements.js';
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
  const firing = statementsBy((instant) => instant);

  it('are swept by the index, however many are armed', async () => {
    const { store } = await emptied();
    const many = Array.from({ length: 5_000 }, (_, n) =>
      armed({ id: uuid(n + 1), from: Date.now() + n * 1000 }),
    );
    await store.transaction((tx) => store.insert(tx, many));
    const planOf = (sql: string, parameters: unknown[] = []) =>
      database.transaction('http', async (tx) => {
        await tx.execute('analyze deadline');
        const lines = await tx.query<{ 'QUERY PLAN': string }>(`explain analyze ${sql}`, parameters);
        return lines.map((line) => line['QUERY PLAN']).join('\n');
      });
    for (const plan of [
      await planOf(firing.ripe),
      await planOf(firing.claiming(''), [500]),
      await planOf(firing.upcoming, [1_000, 500]),
    ]) {
      expect(plan).toContain('using deadline_next on deadline');
      expect(plan).not.toContain('Seq Scan on deadline');
      expect(plan).not.toContain('Rows Removed by Filter');
    }
    const figures = (await planOf(firing.figures, [5_000, 60_000])).match(/Seq Scan on deadline/gu) ?? [];
    // How many are armed has to be counted.
    expect(figures.length).toBeLessThanOrEqual(1);
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

  it('come loose within two seconds from a process that stopped with them in hand', async () => {
    const { store } = await emptied();
    await store.transaction((tx) => store.insert(tx, [armed({ from: Date.now() - 6 * 3_600_000 })]));
    let wake = (): void => undefined;
    const asleep = new Promise<void>((resolve) => (wake = resolve));
    const stopped = store.transaction(async (tx) => {
      await store.lock(tx, 'yuhang', [uuid(1)]);
      await asleep;
      await store.fired(tx, [uuid(1)]);
    });
    const armsAndStops = store.transaction(async (tx) => {
      await store.insert(tx, [armed({ id: uuid(2) })]);
      await asleep;
      await store.fired(tx, [uuid(2)]);
    });
    const ends = Promise.all([stopped, armsAndStops].map((one) => one.then(() => 'done', classify)));
    const began = performance.now();
    await eventually(async () => (await store.sweep((tx) => store.claim(tx, 500))).length === 1);
    expect(performance.now() - began).toBeLessThan(4_000);
    const idle = `select pid from pg_stat_activity where state like 'idle in transaction%'`;
    await eventually(async () => (await database.connection('http').query(idle)).length === 0);
    wake();
    expect(await ends).toEqual(['transient', 'transient']);
    expect(await store.find(store.reader(), 'yuhang', uuid(2))).toBeNull();
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

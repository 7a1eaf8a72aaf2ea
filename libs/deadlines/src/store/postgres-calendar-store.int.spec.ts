import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openDatabase, type Database } from '@linli/store';
import { embeddedDatabase } from '@linli/testing';
import { calendarStoreConformance } from '../conformance/calendar-store.conformance.js';
import { calendarMigrations } from './migrations.js';
import { postgresCalendarStore } from './postgres-calendar-store.js';
import { seed } from './seed.js';

let server: Awaited<ReturnType<typeof embeddedDatabase>>;
let database: Database;
beforeAll(async () => {
  server = await embeddedDatabase();
  database = await openDatabase({
    ...{ url: server.url, schema: 'probe', migrations: calendarMigrations, allowUnsafe: true },
  });
});
afterAll(async () => {
  await database.close();
  await server.stop();
});

calendarStoreConformance('PostgreSQL', () => ({
  store: postgresCalendarStore,
  inside: (work) => database.transaction('http', work),
}));

describe('the tables of calendars', () => {
  it('let a version be checked by anybody', async () => {
    const rows = await database
      .connection('http')
      .query<{ right: boolean }>(
        `select version = encode(sha256(convert_to(body, 'UTF8')), 'hex') as "right" from calendar_content`,
      );
    expect(rows.length).toBeGreaterThan(1);
    expect(rows.every(({ right }) => right)).toBe(true);
  });

  it('show a reader its tenant’s and everybody’s, and nobody else’s', async () => {
    const { own, sources, importedAt, importedBy, content } = seed;
    const theirs = { own, sources, importedAt, importedBy, content, calendar: 'default', n: 1 };
    await database.transaction('http', (tx) =>
      postgresCalendarStore.add(tx, [
        { ...theirs, tenant: 'yuhang' },
        { ...theirs, tenant: 'xihu' },
      ]),
    );
    const seen = await database.readAs({ tenant: 'yuhang', areas: ['330110'] }, (tx) =>
      tx.query<{ tenant: string }>('select distinct tenant from calendar order by 1'),
    );
    expect(seen).toEqual([{ tenant: '*' }, { tenant: 'yuhang' }]);
  });
});

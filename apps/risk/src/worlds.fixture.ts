import { afterAll, beforeAll, beforeEach, jest } from '@jest/globals';
import { calendarMigrations, deadlineMigrations } from '@linli/deadlines';
import { openDatabase, type Database } from '@linli/store';
import { embeddedDatabase } from '@linli/testing';
import { World } from './risk.fixture.js';
import { migrations } from './store/schema.js';

const tables = `risk_event, risk_duplicate, risk_quarantine, risk_place, warning, warning_note, risk_grid_activity,
  risk_neighbour, risk_area, risk_mapping, risk_parameters, risk_sensitive_period,
  risk_palette, risk_heartbeat, risk_credit, risk_silence, risk_incident, risk_second_look, risk_response_policy,
  deadline, deadline_change, deadline_firing`;
const all = [...calendarMigrations, ...deadlineMigrations, ...migrations];

export interface Worlds {
  /** Empty each time; the one before is gone. */
  world(): Promise<World>;
}

/** A PostgreSQL for a file of tests. */
export const worldsForTests = (): Worlds => {
  jest.setTimeout(60_000);
  let server: Awaited<ReturnType<typeof embeddedDatabase>>;
  let database: Database;
  beforeAll(async () => {
    server = await embeddedDatabase();
    database = await openDatabase({ url: server.url, schema: 'risk', migrations: all, allowUnsafe: true });
  });
  afterAll(async () => {
    await database.close();
    await server.stop();
  });
  return {
    async world() {
      await database.connection('http').execute(`TRUNCATE ${tables}`);
      return new World(database);
    },
  };
};

/** Each test of a file begins in an empty world. */
export const worldForEachTest = (begin: (world: World) => void): Worlds => {
  const worlds = worldsForTests();
  beforeEach(async () => begin(await worlds.world()));
  return worlds;
};

import { expect, it } from '@jest/globals';
import { anEvent, NOW, TENANT, type World } from '../risk.fixture.js';
import { worldsForTests } from '../worlds.fixture.js';
import { takeIn } from '../use-cases/take-in.js';

const worlds = worldsForTests();

interface Reads {
  readonly relname: string;
  readonly whole: number;
  readonly byKey: boolean;
}

const GRIDS = 600;

/** Two events of one party in each of many grids; answers how the tables of events and places were read. */
const arrive = (world: World, name: string): Promise<Reads[]> =>
  world.database.transaction('consumer', async (tx) => {
    const arrivals = Array.from({ length: 2 * GRIDS }, (_, n) => ({
      tenant: TENANT,
      receivedAt: NOW,
      event: anEvent({ id: `${name}-${n}`, grid: `330110003012-${n % GRIDS}`, party: 'p' }),
    }));
    const nothing = (): void => undefined;
    const at = new Date(NOW);
    await takeIn(arrivals, {
      ...{ tx, now: at, appendedAt: at, tell: nothing, send: nothing },
      ...{ beforeCommit: nothing, afterCommit: nothing },
    });
    return tx.query<Reads>(
      `SELECT relname, seq_scan AS whole, idx_scan > 0 AS "byKey" FROM pg_stat_xact_user_tables
       WHERE relname IN ('risk_event', 'risk_place') ORDER BY relname`,
    );
  });

/** Rows that have nothing to do with those. */
const fill = (world: World): Promise<unknown[]> =>
  world.query(
    `WITH places AS (
       INSERT INTO risk_place (id, tenant, category, area, scope_kind, scope_name)
       SELECT gen_random_uuid(), tenant, 'DSP-06', area, 'grid', id || '/' || n
       FROM risk_event, generate_series(1, 15) n)
     INSERT INTO risk_event SELECT (made).* FROM (
       SELECT jsonb_populate_record(e, jsonb_build_object('id', id || '/' || n, 'place_id', gen_random_uuid())) AS made
       FROM risk_event e, generate_series(1, 15) n) all_of_them`,
  );

it('the intake reads its large tables by key only, although to read them whole would be cheaper yet', async () => {
  const world = await worlds.world();
  await arrive(world, 'a');
  await fill(world);
  await world.query('ANALYZE risk_event, risk_place');
  expect(await arrive(world, 'b')).toEqual([
    { relname: 'risk_event', whole: 0, byKey: true },
    { relname: 'risk_place', whole: 0, byKey: true },
  ]);
}, 60_000);

import { describe, expect, it } from '@jest/globals';
import { AREA, someEvents, TENANT } from '../risk.fixture.js';
import { worldsForTests } from '../worlds.fixture.js';
import { warnings } from './warnings.js';

const worlds = worldsForTests();

describe('the store of warnings', () => {
  it('refuses to replace another version than the one that was read, and leaves the row as it is', async () => {
    const world = await worlds.world();
    await world.arrive(someEvents(5));
    const [before] = await world.query<{ id: string; version: number }>('SELECT * FROM warning');
    if (!before) throw new Error('no warning was raised');
    const saving = world.database.transaction('http', async (tx) => {
      const found = await warnings.find(tx, TENANT, before.id);
      if (!found) throw new Error('the warning cannot be found');
      const { warning, clocks } = found;
      const changed = { ...warning, status: 'dismissed' as const, version: before.version + 2 };
      await warnings.save(tx, TENANT, { warning: changed, clocks }, before.version + 1);
    });
    await expect(saving).rejects.toThrow(`warning ${before.id} is not at version ${before.version + 1}`);
    expect(await world.query('SELECT * FROM warning')).toEqual([before]);
  });

  it('reads and writes those of a chunk of commands at once, each as if it came alone', async () => {
    const world = await worlds.world();
    await world.arrive(someEvents(5));
    await world.arrive(someEvents(5, { grid: `${AREA}-77` }, 'f'));
    const ids = (await world.query<{ id: string }>('SELECT id FROM warning ORDER BY id')).map(({ id }) => id);
    const [first = '', second = ''] = ids;
    const answers = await world.tellTogether([
      { type: 'risk.issue-warning', id: first },
      { type: 'risk.issue-warning', id: second },
      { type: 'risk.acknowledge-warning', id: first, data: { note: '已联系' } },
      { type: 'risk.acknowledge-warning', id: first },
    ]);
    expect(answers).toMatchObject([
      { version: 2, resource: { status: 'issued' } },
      { version: 2, resource: { status: 'issued' } },
      { version: 3, resource: { status: 'acknowledged' } },
      { refusal: { code: 'WRN_STATE' } },
    ]);
    expect(await world.query('SELECT id, status, version FROM warning ORDER BY id')).toEqual([
      { id: first, status: 'acknowledged', version: 3 },
      { id: second, status: 'issued', version: 2 },
    ]);
    expect(await world.query('SELECT warning_id, version FROM warning_note')).toEqual([
      { warning_id: first, version: 3 },
    ]);
  });

  it('shows a later command of the chunk that the place was cleared by an earlier one', async () => {
    const world = await worlds.world();
    await world.arrive(someEvents(5));
    const [warning] = await world.query<{ id: string; place_id: string; generation: number }>(
      'SELECT * FROM warning',
    );
    if (!warning) throw new Error('no warning was raised');
    const answers = await world.tellTogether([
      { type: 'risk.dismiss-warning', id: warning.id, data: { reason: 'duplicate' } },
      {
        type: 'risk.evaluate-warning',
        id: warning.id,
        data: {
          ...{ placeId: warning.place_id, generation: warning.generation, level: 3, score: 90 },
          assessedAt: new Date(world.now).toISOString(),
        },
      },
    ]);
    expect(answers).toMatchObject([
      { resource: { status: 'dismissed' } },
      { refusal: { code: 'WRN_STATE', detail: 'The place was cleared since.' } },
    ]);
    expect(await world.query('SELECT status, final IS NULL AS empty FROM warning')).toEqual([
      { status: 'dismissed', empty: false },
    ]);
  });

  it('writes nothing of what a part of the transaction held that was taken back', async () => {
    const world = await worlds.world();
    await world.arrive(someEvents(5));
    const [row] = await world.query<{ id: string; version: number }>('SELECT id, version FROM warning');
    if (!row) throw new Error('no warning was raised');
    await world.database.transaction('http', async (tx) => {
      const names = [{ tenant: TENANT, id: row.id }];
      const writeOuter = await warnings.hold(tx, []);
      await warnings.hold(tx, names);
      const found = await warnings.find(tx, TENANT, row.id);
      if (!found) throw new Error('the warning cannot be found');
      const { warning, clocks } = found;
      const changed = { ...warning, version: row.version + 1, status: 'dismissed' as const };
      await warnings.save(tx, TENANT, { warning: changed, clocks }, row.version);
      const writeNext = await warnings.hold(tx, names);
      await writeNext();
      await writeOuter();
    });
    expect(await world.query('SELECT id, version FROM warning')).toEqual([row]);
  });
});

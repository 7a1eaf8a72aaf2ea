import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { someEvents, startWorlds, TENANT } from '../risk.fixture.js';
import { warnings } from './warnings.js';

let worlds: Awaited<ReturnType<typeof startWorlds>>;
beforeAll(async () => {
  worlds = await startWorlds();
});
afterAll(() => worlds.stop());

describe('the store of warnings', () => {
  it('refuses to replace another version than the one that was read, and leaves the row as it is', async () => {
    const world = await worlds.world();
    await world.arrive(someEvents(5));
    const [before] = await world.query<{ id: string; version: number }>('SELECT * FROM warning');
    if (!before) throw new Error('no warning was raised');
    const saving = world.database.transaction('http', async (tx) => {
      const found = await warnings.find(tx, TENANT, before.id);
      if (!found) throw new Error('the warning cannot be found');
      const changed = { ...found.warning, status: 'dismissed' as const, version: before.version + 2 };
      await warnings.save(tx, TENANT, changed, before.version + 1);
    });
    await expect(saving).rejects.toThrow(`warning ${before.id} is not at version ${before.version + 1}`);
    expect(await world.query('SELECT * FROM warning')).toEqual([before]);
  });
});

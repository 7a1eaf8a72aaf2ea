import { expect, it } from '@jest/globals';
import { turnsCounted } from '../counted.fixture.js';
import { anEvent, NOW, TENANT, type World } from '../risk.fixture.js';
import { worldsForTests } from '../worlds.fixture.js';
import { takeIn } from './take-in.js';

const worlds = worldsForTests();

/** Events in many grids, more of one party than it may have; answers how many turns to the database they took. */
const turnsFor = (world: World, name: string): Promise<number> =>
  world.database.transaction('consumer', async (bare) => {
    let turns = 0;
    const arrivals = Array.from({ length: 100 }, (_, n) => ({
      tenant: TENANT,
      receivedAt: NOW,
      event: anEvent({ id: `${name}-${n}`, grid: `330110003012-${n % 10}`, party: 'p' }),
    }));
    const nothing = (): void => undefined;
    const at = new Date(NOW);
    await takeIn(arrivals, {
      ...{ tx: turnsCounted(bare, () => (turns += 1)), now: at, appendedAt: at },
      ...{ tell: nothing, send: nothing, beforeCommit: nothing, afterCommit: nothing },
    });
    return turns;
  });

it('events are taken in by five turns to the database, however many they are and wherever they belong', async () => {
  const world = await worlds.world();
  // What is known, what was active, the places locked, what is written and what is around, the places saved. And who is
  // in the grids that woke up, of which there are none when the same grids are active still.
  expect(await turnsFor(world, 'first')).toBe(6);
  expect(await turnsFor(world, 'second')).toBe(5);
  expect(await world.query('SELECT count(*)::int AS n FROM risk_event')).toEqual([{ n: 200 }]);
});

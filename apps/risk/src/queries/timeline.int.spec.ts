import { beforeAll, describe, expect, it } from '@jest/globals';
import type { JournalEntry } from '@linli/bus';
import { aPrincipal, NOW, someEvents, type World } from '../risk.fixture.js';
import { worldsForTests } from '../worlds.fixture.js';
import { findWarnings } from './find-warnings.js';
import { timelineOf } from './timeline.js';

const worlds = worldsForTests();
let world: World;
let id: string;
beforeAll(async () => {
  world = await worlds.world();
  await world.arrive(someEvents(3));
  id = (await findWarnings(world.database, aPrincipal(), {})).items[0]?.id ?? '';
});

/** A journal that is stamped up to each of these versions in turn, and stays at the last. */
const journal = (...upTo: readonly number[]) => {
  const stamped = [...upTo];
  let last = 0;
  let asked = 0;
  return {
    asked: () => asked,
    timeline: (tenant: string, aggregateId: string): Promise<JournalEntry[]> => {
      asked += 1;
      last = stamped.shift() ?? last;
      const entries = world.facts.map((fact, n) => ({
        ...{ ...fact, topic: fact.topic, tenant, aggregateId, partition: 0, seq: n + 1, eventId: `f-${n}` },
        ...{ actor: 'system', commandId: null, correlationId: 'c', causationId: null, at: new Date(NOW) },
      }));
      return Promise.resolve(entries.slice(0, last));
    },
  };
};

const versions = async (bus: ReturnType<typeof journal>): Promise<number[]> =>
  (await timelineOf({ database: world.database, secrets: world.secrets, bus }, aPrincipal(), id)).items.map(
    ({ version }) => version,
  );

describe('the timeline of a warning', () => {
  it('has its newest fact even when the journal is not stamped that far yet', async () => {
    const bus = journal(0, 1, 2);
    expect(await versions(bus)).toEqual([1, 2]);
    expect(bus.asked()).toBe(3);
  });

  it('is asked for once when the journal is there', async () => {
    const bus = journal(2);
    expect(await versions(bus)).toEqual([1, 2]);
    expect(bus.asked()).toBe(1);
  });

  it('shows what there is when the journal does not come', async () => {
    expect(await versions(journal(1))).toEqual([1]);
  });
});

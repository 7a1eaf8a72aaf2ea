import { describe, expect, it } from '@jest/globals';
import type { IntakeEvent } from '@linli/contracts';
import { DAY, HOUR } from '@linli/kernel';
import { eventually } from '@linli/testing';
import { AREA, anEvent, GRID, NOW, someEvents, TENANT, type World } from '../risk.fixture.js';
import { worldForEachTest } from '../worlds.fixture.js';
import { placeIdOf } from '../store/identity.js';

let world: World;
const worlds = worldForEachTest((empty) => (world = empty));

interface Raised {
  readonly category: string;
  readonly scope_name: string;
  readonly status: string;
  readonly level: number;
  readonly score: number;
}
const raised = (): Promise<Raised[]> =>
  world.query<Raised>(
    `SELECT w.category, w.scope_name, w.status, w.level, p.score
     FROM warning w JOIN risk_place p ON p.id = w.place_id ORDER BY w.category, w.scope_name`,
  );
const count = async (table: string): Promise<number> =>
  (await world.query<{ n: number }>(`SELECT count(*) AS n FROM ${table}`))[0]?.n ?? -1;

describe('risk events that arrive', () => {
  it('raise nothing below 40', async () => {
    await world.arrive(someEvents(2));
    expect([await count('risk_event'), await raised()]).toEqual([2, []]);
  });

  it('raise a yellow warning, which is issued at once, and follow its score up', async () => {
    await world.arrive(someEvents(3));
    expect(await raised()).toEqual([
      { category: 'DSP-04', scope_name: GRID, status: 'issued', level: 1, score: 43.8 },
    ]);
    await world.arrive(someEvents(2, {}, 'more'));
    expect(await raised()).toMatchObject([{ status: 'issued', level: 2, score: 61.7 }]);
    await world.arrive(someEvents(1, {}, 'last'));
    expect(await raised()).toMatchObject([{ level: 2, score: 68.4 }]);
    expect(world.told()).toEqual(['candidate 1', 'issued 2', 'escalated 3']);
  });

  it('raise an orange or red candidate, which waits for the duty officer', async () => {
    await world.arrive([anEvent({ triggers: ['gas_alarm'] })]);
    expect(await raised()).toMatchObject([{ status: 'candidate', level: 3, score: 17.5 }]);
    expect(world.facts).toMatchObject([
      {
        topic: 'linli.risk.warnings.v1',
        type: 'linli.risk.warning.candidate.v1',
        tenant: TENANT,
        data: { category: 'DSP-04', area: AREA, scope: { grid: GRID }, colour: 'red', score: 17.5 },
      },
    ]);
  });

  it('are stored once, and their copies counted', async () => {
    await world.arrive([...someEvents(3), anEvent({ id: 'e-0' })]);
    await world.arrive(someEvents(3));
    expect([await count('risk_event'), await raised()]).toMatchObject([3, [{ score: 43.8 }]]);
    expect(await world.query('SELECT sum(copies)::int AS n FROM risk_duplicate')).toEqual([{ n: 4 }]);
  });

  it('are taken in again, all of them, when another transaction made one of their places meanwhile', async () => {
    const scope = { kind: 'grid', name: GRID } as const;
    const id = placeIdOf(TENANT, 'DSP-04', scope, AREA, false);
    const waiting = 'SELECT FROM pg_locks WHERE NOT granted';
    let arrived: Promise<void> | undefined;
    await world.database.transaction('http', async (tx) => {
      await tx.execute(
        `INSERT INTO risk_place (id, tenant, category, area, scope_kind, scope_name) VALUES ($1, $2, $3, $4, $5, $6)`,
        [id, TENANT, 'DSP-04', AREA, scope.kind, scope.name],
      );
      arrived = world.arrive([...someEvents(3), anEvent({ id: 'x', grid: null })]);
      await eventually(async () => (await world.query(waiting)).length === 1);
    });
    await arrived;
    expect(world.retries).toBe(1);
    expect([await count('risk_event'), await count('risk_place')]).toEqual([4, 2]);
    expect(await raised()).toMatchObject([{ scope_name: GRID, score: 43.8 }]);
  });

  it('are other events when another source or tenant sends the same id', async () => {
    await world.arrive([anEvent(), anEvent({ source: 'officer' })]);
    await world.arrive([anEvent()], 'xihu');
    expect([await count('risk_event'), await count('risk_place'), await count('risk_duplicate')]).toEqual([
      3, 2, 0,
    ]);
  });

  it('count at their own time, however late, and not at all when too old for the window', async () => {
    await world.arrive(someEvents(3, { occurredAt: NOW - 31 * DAY }, 'old'));
    await world.arrive(someEvents(1, { occurredAt: NOW - 7 * DAY }, 'late'));
    const [place] = await world.query<{ weeks: object }>(`SELECT baseline->'weeks' AS weeks FROM risk_place`);
    const [shown] = await world.assessments();
    expect(shown?.weightedSum).toBeCloseTo(0.48 / Math.E, 6);
    expect(Object.values(place?.weeks ?? {})).toEqual([3, 1]);
  });

  it('with a fault are refused as a whole, for the bus to find the one at fault', async () => {
    await expect(world.arrive([anEvent(), { id: 'bad' }])).rejects.toThrow();
    expect(await count('risk_event')).toBe(0);
  });

  it('of one party count three times; the fourth is a repeat', async () => {
    await world.arrive(someEvents(2, { party: 'p' }, 'a'));
    await world.arrive(someEvents(3, { party: 'p' }, 'b'));
    await world.arrive(someEvents(4, { party: 'p' }, 'c'));
    expect(await world.assessments()).toMatchObject([{ repeats: 4, count: 9, score: 70.1 }]);
  });
});

describe('the same events', () => {
  const parties = [null, null, 'p', 'p', 'q'];
  const all: IntakeEvent[] = Array.from({ length: 60 }, (_, i) =>
    anEvent({
      id: `m-${i}`,
      category: ['DSP-04', 'DSP-01', 'FIR-01'][i % 3] ?? '',
      grid: i % 2 ? GRID : '330110003012-06',
      occurredAt: NOW - ((i * 7) % 33) * DAY - i * HOUR,
      credibility: (i % 5) / 4,
      party: parties[i % 5] ?? null,
      confirmed: i % 20 === 0,
      vulnerable: i % 11 === 0,
      triggers: i === 9 ? ['gathering_5'] : [],
      point: i % 4 === 0 ? [120 + i / 100, 30] : null,
    }),
  );
  const neighbours = {
    grids: [{ area: AREA, grid: GRID, neighbours: [{ area: AREA, grid: '330110003012-06' }] }],
  };

  const end = async (chunks: IntakeEvent[][]) => {
    world = await worlds.world();
    await world.tell('risk.load-areas', '00000000-0000-4000-8000-000000000000', neighbours);
    for (const chunk of chunks) await world.arrive(chunk);
    return {
      places: await world.query('SELECT * FROM risk_place ORDER BY id'),
      warnings: await world.query('SELECT id, place_id, generation, level FROM warning ORDER BY id'),
      activity: await world.query('SELECT * FROM risk_grid_activity ORDER BY 1, 2, 3, 4'),
      events: await world.query('SELECT * FROM risk_event ORDER BY tenant, source, id'),
    };
  };
  const chunksOf = (events: IntakeEvent[], size: number): IntakeEvent[][] =>
    events.length === 0 ? [] : [events.slice(0, size), ...chunksOf(events.slice(size), size)];

  it('give the same rows in any order, any duplication and any cut into chunks', async () => {
    const once = await end([all]);
    expect(once.warnings.length).toBeGreaterThan(1);
    expect(await end(chunksOf(all, 1))).toEqual(once);
    expect(await end(chunksOf(all.toReversed(), 7))).toEqual(once);
    expect(
      await end(
        chunksOf(
          [...all, ...all].toSorted((a, b) => (a.id < b.id ? -1 : 1)),
          13,
        ),
      ),
    ).toEqual(once);
  });
});

describe('chunks that are handled at once', () => {
  it('never wait for each other crosswise, and end like one after the other', async () => {
    const grid = (n: number) => `g-${n % 6}`;
    const ring = Array.from({ length: 6 }, (_, n) => ({
      area: AREA,
      grid: grid(n),
      neighbours: [grid(n + 1), grid(n + 5)].map((near) => ({ area: AREA, grid: near })),
    }));
    const chunks = Array.from({ length: 12 }, (_, c) =>
      Array.from({ length: 12 }, (__, i) =>
        anEvent({
          id: `x-${(c * 5 + i * 7) % 60}`,
          grid: grid(((c * 5 + i * 7) % 60) + 1),
          party: `p-${i % 2}`,
        }),
      ),
    );
    const end = async (arrive: () => Promise<void>) => {
      await world.tell('risk.load-areas', '00000000-0000-4000-8000-000000000000', { grids: ring });
      await arrive();
      return world.query(`SELECT id, told_level, tally, score FROM risk_place ORDER BY id`);
    };
    const atOnce = await end(() => world.arriveAtOnce(chunks));
    const ids = new Map(chunks.flat().map((event) => [event.id, event.party]));
    expect(await count('risk_event')).toBe(ids.size);
    const stored = await world.query<{ id: string; party: string }>('SELECT id, party FROM risk_event');
    const party = new Map(stored.map((row) => [row.id, row.party]));
    world = await worlds.world();
    const once = [...new Map(chunks.flat().map((event) => [event.id, event])).values()];
    const inTurn = await end(() =>
      world.arrive(once.map((event) => ({ ...event, party: party.get(event.id) }))),
    );
    expect(atOnce).toEqual(inTurn);
  });
});

describe('a neighbour grid', () => {
  const other = '330110003012-06';
  const load = (near: string[]) =>
    world.tell('risk.load-areas', '00000000-0000-4000-8000-000000000000', {
      grids: [{ area: AREA, grid: GRID, neighbours: near.map((grid) => ({ area: AREA, grid })) }],
    });
  const scores = async () =>
    Object.fromEntries(
      (
        await world.query<{ grid: string; score: number }>(`SELECT scope_name AS grid, score FROM risk_place`)
      ).map(({ grid, score }) => [grid, score]),
    );

  it('counts half where it is loaded as one, and only in that direction', async () => {
    await load([other]);
    await world.arrive(someEvents(2, { grid: GRID }, 'a'));
    await world.arrive(someEvents(2, { grid: other }, 'b'));
    // 1 − e^(−0.48 · 3 / 2.5) and 1 − e^(−0.48 · 2 / 2.5)
    expect(await scores()).toEqual({ [GRID]: 43.8, [other]: 31.9 });
  });

  it('counts from the moment it is loaded, and no longer when it is taken out', async () => {
    await world.arrive([...someEvents(2, { grid: GRID }, 'a'), ...someEvents(2, { grid: other }, 'b')]);
    expect((await scores())[GRID]).toBe(31.9);
    await load([other]);
    expect((await scores())[GRID]).toBe(43.8);
    await load([]);
    expect((await scores())[GRID]).toBe(31.9);
  });

  it('does not count when it is not loaded, nor with another category', async () => {
    await load([other]);
    await world.arrive([
      ...someEvents(2, { grid: GRID }, 'a'),
      ...someEvents(2, { grid: other, category: 'DSP-06' }, 'b'),
      ...someEvents(2, { grid: '330110003012-07' }, 'c'),
    ]);
    expect((await scores())[GRID]).toBe(31.9);
  });
});

describe('another category group in the same grid', () => {
  it('raises the places of that grid when it becomes active', async () => {
    await world.arrive(someEvents(5));
    await world.arrive([anEvent({ id: 'f', category: 'fir.ebike_charging', occurredAt: NOW - 73 * HOUR })]);
    const compound = () =>
      world.query(`SELECT assessment->'compound' AS by FROM risk_place WHERE category = 'DSP-04'`);
    expect(await compound()).toEqual([{ by: 1 }]);
    await world.arrive([anEvent({ id: 'g', category: 'fir.ebike_charging', occurredAt: NOW - 71 * HOUR })]);
    expect(await compound()).toEqual([{ by: 1.1 }]);
  });
});

describe('a change of parameters', () => {
  it('is applied to what is stored when the place is touched next', async () => {
    await world.arrive(someEvents(1));
    await world.query(
      `INSERT INTO risk_parameters VALUES ($1, '2026-02', $2, 'street order 7', '{"weights": {"DSP-04": 5}}')`,
      [TENANT, new Date(NOW - 1)],
    );
    await world.arrive(someEvents(2, {}, 'more'));
    expect(await raised()).toMatchObject([{ level: 2, score: 61.7 }]);
    expect(await world.query(`SELECT rule_version AS v FROM warning`)).toEqual([{ v: '2026-02' }]);
  });
});

describe('a sensitive period', () => {
  it('raises the places in its area', async () => {
    await world.query(
      `INSERT INTO risk_sensitive_period VALUES ($1, 'exam', '330110', $2, $3, 'Street head', $2)`,
      [TENANT, new Date(NOW - DAY), new Date(NOW + DAY)],
    );
    await world.arrive([...someEvents(2), ...someEvents(2, { area: '330106003012' }, 'x')]);
    expect(await world.query(`SELECT area, score FROM risk_place ORDER BY area`)).toEqual([
      { area: '330106003012', score: 31.9 },
      { area: AREA, score: 38.3 },
    ]);
  });
});

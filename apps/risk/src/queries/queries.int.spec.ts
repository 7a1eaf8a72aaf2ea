import { beforeEach, describe, expect, it } from '@jest/globals';
import {
  IntakeView,
  QuarantinePage,
  RiskEventFate,
  RiskEventSummary,
  WarningExplanation,
  WarningPage,
} from '@linli/contracts';
import { DAY } from '@linli/kernel';
import { recomputeIn } from '../use-cases/recompute.js';
import { anEvent, aPrincipal, AREA, GRID, NOW, someEvents, type World } from '../risk.fixture.js';
import { worldForEachTest } from '../worlds.fixture.js';
import { explain } from './explain.js';
import { findFate, findQuarantined, summarise } from './find-events.js';
import { intakeView } from './intake-view.js';
import { findWarning, findWarnings, warningFeatures, type WarningFilter } from './find-warnings.js';

let world: World;
worldForEachTest((empty) => (world = empty));

const OTHER = '330106003012';
const everyone = aPrincipal();
const limited = aPrincipal({ areas: ['330106', '44'] });
const list = async (filter: WarningFilter = {}, principal = everyone) =>
  WarningPage.parse(await findWarnings(world.database, principal, filter));
const idOf = async (): Promise<string> => (await list()).items[0]?.id ?? '';

describe('the list of warnings', () => {
  beforeEach(async () => {
    await world.arrive(someEvents(3, { point: [120.1, 30.2] }, 'a'));
    world.now = NOW + 1000;
    await world.arrive(someEvents(5, { area: OTHER, grid: null, building: '12' }, 'b'));
    world.now = NOW + 2000;
    await world.arrive([anEvent({ id: 'c', category: 'INF-01', grid: null, triggers: ['gas_alarm'] })]);
    await world.arrive(someEvents(3), 'xihu');
  });

  it('has the latest raised first', async () => {
    expect((await list()).items.map((w) => [w.category, w.scope, w.colour, w.status, w.point])).toEqual([
      ['INF-01', { area: AREA }, 'red', 'candidate', null],
      ['DSP-04', { building: '12' }, 'orange', 'candidate', null],
      ['DSP-04', { grid: GRID }, 'yellow', 'issued', [120.1, 30.2]],
    ]);
  });

  it.each<[WarningFilter, number]>([
    [{ area: '330110' }, 2],
    [{ area: OTHER }, 1],
    [{ area: '3301' }, 3],
    [{ colour: 'red' }, 1],
    [{ status: 'issued' }, 1],
    [{ group: 'DSP' }, 2],
    [{ since: new Date(NOW + 1000).toISOString() }, 2],
    [{ area: '330110', group: 'DSP', colour: 'yellow', status: 'issued' }, 1],
    [{ area: '44' }, 0],
  ])('takes the filter %j', async (filter, n) => {
    expect((await list(filter)).items).toHaveLength(n);
  });

  it('says of each when its score changed last, and takes the filter since by that', async () => {
    world.now = NOW + 60_000;
    await world.arrive(someEvents(1, {}, 'later'));
    const since = async (at: number) =>
      (await list({ since: new Date(at).toISOString() })).items.map(({ score, updatedAt }) => [
        score,
        updatedAt,
      ]);
    expect(await since(NOW + 60_000)).toEqual([[53.6, '2026-11-23T04:01:00.000Z']]);
    expect(await since(NOW + 60_001)).toEqual([]);
    const { version } = (await list({ colour: 'yellow' })).items[0] ?? {};
    expect(version).toBe(2);
  });

  it('says of one that ended when it ended, whatever its place does then', async () => {
    const [ended] = (await list({ colour: 'orange' })).items;
    world.now = NOW + 60_000;
    await world.tell('risk.dismiss-warning', ended?.id ?? '', { reason: 'test' });
    world.now = NOW + 120_000;
    await world.arrive(someEvents(1, { area: OTHER, grid: null, building: '12' }, 'later'));
    expect((await list({ status: 'dismissed' })).items[0]?.updatedAt).toBe('2026-11-23T04:01:00.000Z');
    expect((await list({ since: new Date(NOW + 60_000).toISOString() })).items).toHaveLength(1);
    expect((await list({ since: new Date(NOW + 60_001).toISOString() })).items).toEqual([]);
  });

  it('comes in pages, each item once', async () => {
    const first = await list({ limit: 2 });
    const second = await list({ limit: 2, cursor: first.next ?? '' });
    expect([first.items.length, second.items.length, second.next]).toEqual([2, 1, null]);
    expect(new Set([...first.items, ...second.items].map(({ id }) => id)).size).toBe(3);
    await expect(list({ cursor: 'nonsense' })).rejects.toMatchObject({ refusal: { code: 'QUERY_INVALID' } });
  });

  it('holds only what lies in the areas of the key, and only of its tenant', async () => {
    expect((await list({}, limited)).items.map(({ area }) => area)).toEqual([OTHER]);
    expect((await list({}, aPrincipal({ areas: [] }))).items).toEqual([]);
    expect((await list({}, aPrincipal({ tenant: 'xihu' }))).items).toHaveLength(1);
    expect((await list({}, aPrincipal({ tenant: 'nobody' }))).items).toEqual([]);
  });

  it('is the same as GeoJSON', async () => {
    const { features } = await warningFeatures(world.database, everyone, { area: '330110', group: 'DSP' });
    expect(features).toMatchObject([
      {
        type: 'Feature',
        geometry: { type: 'Point', coordinates: [120.1, 30.2] },
        properties: { colour: 'yellow', score: 43.8 },
      },
    ]);
  });

  it('lets row-level security alone hold when a query forgets to scope itself', async () => {
    const seen = await world.database.readAs(limited, (tx) =>
      tx.query(
        `SELECT (SELECT count(*) FROM warning) AS warnings, (SELECT count(*) FROM risk_place) AS places,
           (SELECT count(*) FROM risk_event) AS events`,
      ),
    );
    expect(seen).toEqual([{ warnings: 1, places: 1, events: 5 }]);
  });

  it('hides a warning outside of the areas as one that is not there', async () => {
    const [here] = (await list({ area: '330110' })).items;
    await expect(findWarning(world.database, limited, here?.id ?? '')).rejects.toMatchObject({
      refusal: { code: 'WRN_NOT_FOUND', kind: 'not-found' },
    });
    await expect(explain(world.database, limited, here?.id ?? '')).rejects.toMatchObject({
      refusal: { code: 'WRN_NOT_FOUND' },
    });
    await expect(findWarning(world.database, everyone, 'no-uuid')).rejects.toMatchObject({
      refusal: { code: 'WRN_NOT_FOUND' },
    });
  });
});

describe('an explanation', () => {
  const of = async (id: string, principal = everyone) =>
    WarningExplanation.parse(await explain(world.database, principal, id));

  it('is the worked example, to be computed again by hand', async () => {
    const aged = (age: number, party: string) =>
      anEvent({ id: `${party}-${age}`, party, occurredAt: NOW - age * DAY });
    await world.arrive([...[0, 1, 2, 6].map((age) => aged(age, 'same')), aged(5, 'other')]);
    const found = await of(await idOf());
    expect(found).toMatchObject({
      score: 51.7,
      ruleVersion: '2026-01',
      eventsInWindow: 5,
      recomputed: { score: 51.7, equal: true },
      colour: { byScore: 'yellow', byFloor: null, byTrigger: null, triggers: [] },
      assessedAt: '2026-11-23T04:00:00.000Z',
    });
    expect(found.weightedSum).toBeCloseTo(1.492, 3);
    expect(found.events.reduce((sum, { value }) => sum + value, 0)).toBeCloseTo(found.weightedSum, 9);
    expect(found.events.map(({ id, counted }) => [id, counted])).toEqual([
      ['same-0', true],
      ['same-1', true],
      ['same-2', true],
      ['other-5', true],
      ['same-6', false],
    ]);
    expect(found.factors.map(({ name, value }) => [name, Number(value.toFixed(2))])).toEqual([
      ['base', 44.94],
      ['repeat', 1.15],
      ['vulnerable', 1],
      ['sensitive_period', 1],
      ['compound', 1],
      ['anomaly', 0],
    ]);
    expect(found.lowering).toContain('Without repeats of one party the score would be 44.9 (yellow).');
  });

  it('is still right after the warning ended and its place went on', async () => {
    await world.arrive(someEvents(5, { vulnerable: true }));
    const id = await idOf();
    await world.tell('risk.dismiss-warning', id, { reason: 'test' });
    await world.arrive(someEvents(4, {}, 'later'));
    expect(await of(id)).toMatchObject({
      score: 71,
      eventsInWindow: 5,
      recomputed: { score: 71, equal: true },
      lowering: ['It has ended.'],
    });
  });

  it('counts a neighbour grid that the key does not see, without showing its events', async () => {
    await world.tell('risk.load-areas', '00000000-0000-4000-8000-000000000000', {
      grids: [{ area: AREA, grid: GRID, neighbours: [{ area: OTHER, grid: 'x' }] }],
    });
    await world.arrive([...someEvents(2, {}, 'own'), ...someEvents(2, { area: OTHER, grid: 'x' }, 'near')]);
    const id = (await list({ area: AREA })).items[0]?.id ?? '';
    const seen = await of(id, aPrincipal({ areas: ['330110'] }));
    expect([seen.score, seen.recomputed.equal, seen.events.length]).toEqual([43.8, true, 2]);
    const all = await of(id);
    expect(all.events.map(({ nearness }) => nearness)).toEqual([1, 1, 0.5, 0.5]);
    expect([seen.eventsInWindow, all.eventsInWindow]).toEqual([2, 4]);
  });
});

describe('recomputing', () => {
  const fill = async () => {
    await world.tell('risk.load-areas', '00000000-0000-4000-8000-000000000000', {
      grids: [{ area: AREA, grid: GRID, neighbours: [{ area: AREA, grid: 'n' }] }],
    });
    for (let day = 0; day < 40; day += 4) {
      world.now = NOW + day * DAY;
      const at = { occurredAt: world.now, party: 'p', vulnerable: day === 12 };
      await world.arrive([
        ...someEvents(3, at, `d${day}`),
        ...someEvents(1, { ...at, grid: 'n', party: null }, `n${day}`),
        ...someEvents(1, { ...at, category: 'FIR-01', party: null }, `f${day}`),
      ]);
    }
    const { items } = await list();
    await world.tell('risk.dismiss-warning', items.at(-1)?.id ?? '', { reason: 'test' });
    await world.arrive(someEvents(4, { occurredAt: world.now }, 'after'));
  };

  it('gives the stored score and tally of every warning and place, open or ended, after weeks of signals', async () => {
    await fill();
    const rows = await recomputeIn(world.database);
    expect(rows.length).toBeGreaterThanOrEqual(3);
    expect(rows.filter(({ equal }) => !equal)).toEqual([]);
  });

  const set = (column: string, key: string): string => `jsonb_set(${column}::jsonb, '{${key}}', '1')::json`;

  it.each([
    ['a lost event', `DELETE FROM risk_event WHERE id LIKE 'after-%'`],
    ['a changed score', `UPDATE risk_place SET score = 1`],
    ['a changed score of a warning', `UPDATE risk_place SET assessment = ${set('assessment', 'score')}`],
    ['a changed tally', `UPDATE risk_place SET tally = ${set('tally', 'vulnerable')}`],
  ])('finds %s', async (_, harm) => {
    await fill();
    await world.query(harm);
    expect((await recomputeIn(world.database)).filter(({ equal }) => !equal).length).toBeGreaterThan(0);
  });

  it('is not misled by a sensitive period that was entered since, and misses one that was taken away', async () => {
    const enter = (name: string) =>
      world.query(`INSERT INTO risk_sensitive_period VALUES ('yuhang', $1, '', $2, $3, 'Street head')`, [
        name,
        new Date(NOW - DAY),
        new Date(NOW + DAY),
      ]);
    const equal = async () => (await recomputeIn(world.database)).map((row) => row.equal);
    await enter('before');
    await world.arrive(someEvents(3));
    await enter('after');
    expect(await equal()).toEqual([true]);
    await world.query(`DELETE FROM risk_sensitive_period WHERE name = 'before'`);
    expect(await equal()).toEqual([false]);
  });

  it('takes one warning, or one tenant', async () => {
    await world.arrive(someEvents(3));
    await world.arrive(someEvents(3), 'xihu');
    const warning = await idOf();
    expect(await recomputeIn(world.database, { warning })).toEqual([
      { id: warning, tenant: 'yuhang', stored: 43.8, recomputed: 43.8, equal: true },
    ]);
    expect((await recomputeIn(world.database, { tenant: 'xihu' })).map(({ tenant }) => tenant)).toEqual([
      'xihu',
    ]);
  });
});

describe('events', () => {
  const now = NOW + 1000;
  const summary = async (filter = {}, principal = everyone) =>
    RiskEventSummary.parse(await summarise(world.database, principal, filter, now));

  beforeEach(async () => {
    await world.arrive(
      [
        ...someEvents(3),
        ...someEvents(1, { occurredAt: NOW - 40 * DAY }, 'old'),
        ...someEvents(2, { area: OTHER }, 'o'),
        anEvent({ id: 'odd', category: 'NOISE' }),
        anEvent({ id: 'odd', category: 'NOISE' }),
        anEvent({ id: 'e-0' }),
      ],
      undefined,
      NOW - 5000,
    );
    await world.arrive([anEvent({ id: 'e-1' }), anEvent({ source: 'officer' })]);
  });

  it('are summed up: stored, copies, quarantined, counting', async () => {
    expect(await summary()).toEqual({
      stored: 7,
      duplicates: 3,
      quarantined: 1,
      counting: 6,
      exercises: 0,
      lastReceivedAt: '2026-11-23T04:00:00.000Z',
    });
    expect(await summary({ source: 'officer' })).toMatchObject({ stored: 1, duplicates: 0, quarantined: 0 });
    expect(await summary({ from: new Date(NOW - 1).toISOString() })).toMatchObject({
      stored: 1,
      duplicates: 1,
    });
    expect(await summary({ to: new Date(NOW - 1).toISOString() })).toMatchObject({
      stored: 6,
      duplicates: 2,
    });
    expect(await summary({ source: 'nobody' })).toMatchObject({ stored: 0, lastReceivedAt: null });
  });

  it('are summed up by their own time on request', async () => {
    const before = { by: 'occurred', to: new Date(NOW - DAY).toISOString() };
    expect(await summary(before)).toMatchObject({ stored: 1, duplicates: 0, quarantined: 0, counting: 0 });
    const after = { by: 'occurred', from: new Date(NOW - DAY).toISOString() };
    expect(await summary(after)).toMatchObject({ stored: 6, duplicates: 2, quarantined: 1 });
  });

  it('are summed up within the areas of the key', async () => {
    expect(await summary({}, limited)).toMatchObject({
      stored: 2,
      duplicates: 0,
      quarantined: 0,
      counting: 2,
    });
  });

  it('no longer count once their place was cleared', async () => {
    const [warning] = (await list()).items;
    await world.tell('risk.acknowledge-warning', warning?.id ?? '', {});
    await world.tell('risk.verify-warning', warning?.id ?? '', { result: 'false', evidence: 'nothing' });
    expect(await summary()).toMatchObject({ stored: 7, counting: 2 });
  });

  const fate = async (source: string, id: string, principal = everyone) =>
    RiskEventFate.parse(await findFate(world.database, principal, { source, id }, now));

  it('each tell what became of them', async () => {
    const warning = (await list()).items[0]?.id ?? '';
    expect(await fate('petition', 'e-0')).toEqual({
      ...{ id: 'e-0', source: 'petition', status: 'stored', reason: null, category: 'DSP-04', area: AREA },
      ...{
        duplicates: 1,
        exercise: false,
        counts: true,
        warning: { id: warning, colour: 'yellow', status: 'issued' },
      },
      occurredAt: '2026-11-23T04:00:00.000Z',
      receivedAt: '2026-11-23T03:59:55.000Z',
      storedAt: '2026-11-23T04:00:00.000Z',
    });
    expect(await fate('petition', 'old-0')).toMatchObject({ status: 'stored', counts: false });
    expect(await fate('petition', 'odd')).toMatchObject({
      ...{ status: 'quarantined', reason: 'category', category: 'NOISE', duplicates: 1, counts: false },
      warning: null,
    });
    await expect(fate('petition', 'nothing')).rejects.toMatchObject({
      refusal: { code: 'RSK_EVENT_NOT_FOUND' },
    });
    await expect(fate('petition', 'e-0', limited)).rejects.toMatchObject({
      refusal: { code: 'RSK_EVENT_NOT_FOUND' },
    });
  });

  it('in quarantine are listed with what is unknown', async () => {
    await world.arrive(someEvents(3, { area: '1' }, 'lost'));
    const read = async (asked: { limit?: number; cursor?: string }) =>
      QuarantinePage.parse(await findQuarantined(world.database, everyone, asked));
    const first = await read({ limit: 3 });
    expect(first).toMatchObject({
      total: 4,
      unknown: [
        { field: 'area', value: '1', events: 3 },
        { field: 'category', value: 'NOISE', events: 1 },
      ],
    });
    const second = await read({ limit: 3, cursor: first.next ?? '' });
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual([
      'odd',
      'lost-0',
      'lost-1',
      'lost-2',
    ]);
    expect(second.next).toBeNull();
  });

  it('are sorted at the door by what the tenant loaded and mapped', async () => {
    const view = async () => IntakeView.parse(await intakeView(world.database, everyone));
    expect(await view()).toEqual({ categories: {}, areas: {}, loadedAreas: null, credibilities: {} });
    const register = '00000000-0000-4000-8000-000000000000';
    await world.tell('risk.replay-quarantine', register, {
      categories: { NOISE: 'ENV-01' },
      areas: { x: AREA },
    });
    await world.tell('risk.load-areas', register, { areas: [{ code: AREA, name: '社区' }] });
    expect(await view()).toEqual({
      categories: { NOISE: 'ENV-01' },
      areas: { x: AREA },
      loadedAreas: [AREA],
      credibilities: {},
    });
  });
});

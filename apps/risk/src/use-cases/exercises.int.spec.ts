import { describe, expect, it } from '@jest/globals';
import { riskFacts, type IntakeEvent } from '@linli/contracts';
import { DAY, HOUR } from '@linli/kernel';
import { accuracy } from '../queries/accuracy.js';
import { findFate, summarise } from '../queries/find-events.js';
import { findWarnings, warningFeatures } from '../queries/find-warnings.js';
import { riskMap } from '../queries/map.js';
import { riskSources } from '../queries/sources.js';
import { anEvent, aPrincipal, AREA, GRID, NOW, someEvents, TENANT, type World } from '../risk.fixture.js';
import { worldForEachTest } from '../worlds.fixture.js';

let world: World;
worldForEachTest((empty) => (world = empty));

const REGISTER = '00000000-0000-4000-8000-000000000000';
const NEXT_GRID = '330110003012-06';
const exercise = true;
const drills = (n: number, over: Partial<IntakeEvent> = {}): IntakeEvent[] =>
  someEvents(n, { exercise, ...over }, 'drill');
const act = async (verb: string, id: string, data: object = {}) => {
  const { resource, refusal } = await world.tell(`risk.${verb}-warning`, id, data);
  return refusal?.code ?? (resource as Record<string, unknown>);
};
const shown = async (filter: object = {}) =>
  (await findWarnings(world.database, aPrincipal(), filter)).items.map((warning) => ({
    exercise: warning.exercise,
    colour: warning.colour,
    score: warning.score,
  }));
const idOf = async (isExercise: boolean): Promise<string> => {
  const [row] = await world.query<{ id: string }>('SELECT id FROM warning WHERE exercise = $1', [isExercise]);
  return row?.id ?? '';
};
const score = async (isExercise: boolean, category = 'DSP-04'): Promise<number | undefined> => {
  const [row] = await world.query<{ score: number }>(
    'SELECT score FROM risk_place WHERE exercise = $1 AND category = $2 AND scope_name = $3',
    [isExercise, category, GRID],
  );
  return row?.score;
};
const tooLate = { result: 'false', evidence: 'nothing there' };

describe('signals of an exercise', () => {
  it('raise a warning of their own beside the real one of the same place, each with its own score', async () => {
    await world.arrive([...drills(5), ...someEvents(3)]);
    expect((await shown()).toSorted((a, b) => a.score - b.score)).toEqual([
      { exercise: false, colour: 'yellow', score: 43.8 },
      { exercise: true, colour: 'orange', score: 61.7 },
    ]);
    expect(await shown({ exercise: true })).toMatchObject([{ colour: 'orange' }]);
    expect(await shown({ exercise: false })).toMatchObject([{ colour: 'yellow' }]);
    const { features } = await warningFeatures(world.database, aPrincipal(), { exercise: true });
    expect(features).toMatchObject([{ properties: { exercise: true } }]);
  });

  it('do not raise what is real, as neighbours or as other groups in the grid, nor the other way round', async () => {
    const near = [{ area: AREA, grid: NEXT_GRID }];
    await world.tell('risk.load-areas', REGISTER, { grids: [{ area: AREA, grid: GRID, neighbours: near }] });
    await world.arrive([...someEvents(2), ...drills(2)]);
    const before = [await score(false), await score(true)];
    await world.arrive(
      drills(4, { grid: NEXT_GRID, id: 'near' }).map((one, n) => ({ ...one, id: `n-${n}` })),
    );
    expect(await score(false)).toBe(before[0]);
    expect(await score(true)).toBeGreaterThan(before[1] ?? 100);
    const raised = await score(true);
    await world.arrive([anEvent({ id: 'group', category: 'INF-09', exercise })]);
    await world.arrive([anEvent({ id: 'real group', category: 'ENV-04' })]);
    expect(await score(true)).toBe(raised);
    await world.arrive([
      anEvent({ id: 'again', credibility: 0 }),
      anEvent({ id: 'drill', credibility: 0, exercise }),
    ]);
    expect(await score(false)).toBeCloseTo((before[0] ?? 0) * 1.1, 0);
    expect(await score(true)).toBe(raised);
  });

  it('start clocks that are kept like any other, and are no work that waits', async () => {
    await world.arrive([...drills(3), ...someEvents(3)]);
    const { sla } = world.deadlines;
    const totals = (isExercise?: boolean) =>
      world.database.readAs(aPrincipal(), async (tx) => {
        const { items } = await sla.queues(tx, { tenant: TENANT, areas: null, exercise: isExercise });
        return items.map(({ clock, total }) => `${clock} ${total}`);
      });
    const each = (n: number) => ['ack', 'expiry', 'reassess', 'verify'].map((clock) => `${clock} ${n}`);
    expect(await totals(false)).toEqual(each(1));
    expect(await totals(true)).toEqual(each(1));
    expect(await totals()).toEqual(each(2));
  });

  it('do not reopen or raise a real warning that rests', async () => {
    await world.arrive(someEvents(3));
    const id = await idOf(false);
    await act('acknowledge', id);
    await act('verify', id, { result: 'confirmed', evidence: 'seen' });
    await act('hand-over', id, { body: 'police', reference: '110-7' });
    await act('monitor', id, { evidence: 'gone' });
    world.now = NOW + HOUR;
    await world.arrive(drills(9, { occurredAt: world.now }));
    expect(await world.query('SELECT status FROM warning ORDER BY exercise')).toMatchObject([
      { status: 'monitoring' },
      { status: 'candidate' },
    ]);
    expect(await act('merge', await idOf(true), { into: id, because: 'cause' })).toBe('WRN_MERGE');
  });

  it('say what they are where they are looked for: one by one and summed up', async () => {
    await world.arrive([...drills(2), anEvent(), anEvent({ id: 'x', category: 'NOISE', exercise })]);
    const fate = (id: string) =>
      findFate(world.database, aPrincipal(), { source: 'petition', id }, world.now);
    expect([await fate('drill-0'), await fate('e-1'), await fate('x')]).toMatchObject([
      { exercise: true },
      { exercise: false },
      { exercise: true, status: 'quarantined' },
    ]);
    expect(await summarise(world.database, aPrincipal(), {}, world.now)).toMatchObject({
      stored: 3,
      exercises: 2,
    });
  });

  it('stay what they are when they come out of quarantine', async () => {
    await world.arrive(drills(3, { category: 'NOISE' }));
    await world.tell('risk.replay-quarantine', REGISTER, { categories: { NOISE: 'DSP-04' } });
    expect(await shown()).toMatchObject([{ exercise: true, colour: 'yellow' }]);
  });
});

describe('a warning of an exercise', () => {
  it('lives like a real one, and every fact says what it is, in a version with room for it', async () => {
    await world.arrive(drills(3));
    const id = await idOf(true);
    await act('escalate', id);
    await act('acknowledge', id);
    await act('verify', id, { result: 'confirmed', evidence: 'played' });
    await act('plan', id, { measures: ['play'], people: ['Li'], due: new Date(NOW + DAY).toISOString() });
    expect(await act('update', id, { text: 'played on' })).toMatchObject({
      exercise: true,
      status: 'disposing',
    });
    expect(world.facts.map(({ type }) => type)).toEqual([
      'linli.risk.warning.candidate.v2',
      'linli.risk.warning.issued.v2',
      'linli.risk.warning.escalated.v2',
      'linli.risk.warning.acked.v2',
      'linli.risk.warning.verified.v2',
      'linli.risk.warning.plan_set.v1',
      'linli.risk.warning.updated.v1',
    ]);
    for (const { type, data } of world.facts) {
      expect(data).toMatchObject({ exercise: true });
      expect(
        riskFacts
          .find((fact) => fact.type === type)
          ?.data.strict()
          .parse(data),
      ).toEqual(data);
    }
  });

  it('runs the same clocks: a missed one escalates it under supervision, and says that it is an exercise', async () => {
    await world.arrive(drills(3));
    await world.pass(NOW + 7 * HOUR);
    const named = world.facts.map(({ type }) => type.split('.').slice(3).join('.'));
    expect(named).toEqual(expect.arrayContaining(['reminded.v1', 'supervised.v1', 'escalated.v2']));
    for (const { type, data } of world.facts) {
      expect(data).toMatchObject({ exercise: true });
      expect(
        riskFacts
          .find((fact) => fact.type === type)
          ?.data.strict()
          .parse(data),
      ).toEqual(data);
    }
    expect(await shown()).toMatchObject([{ exercise: true, colour: 'red' }]);
  });

  it('leaves the facts of a real one as they were released', async () => {
    await world.arrive(someEvents(3));
    expect(world.facts.map(({ type, data }) => [type, 'exercise' in (data as object)])).toEqual([
      ['linli.risk.warning.candidate.v1', false],
      ['linli.risk.warning.issued.v1', false],
    ]);
  });

  it('is in no measure: accuracy, credibility, rhythm of sources, colours of the map', async () => {
    await world.arrive(drills(3));
    const id = await idOf(true);
    const map = async () => (await riskMap(world.database, aPrincipal(), {})).features;
    expect(await map()).toMatchObject([
      { id: AREA, properties: { colour: null, yellow: 0, candidates: 0, exercises: 1 } },
    ]);
    await act('acknowledge', id);
    expect(await act('verify', id, tooLate)).toMatchObject({ status: 'false_alarm' });
    const { traditional } = await accuracy(world.database, aPrincipal(), {});
    expect(traditional.counts.falseAlarm).toBe(0);
    expect(await riskSources(world.database, aPrincipal({ tenant: TENANT }), world.now)).toEqual({
      items: [],
    });
    expect(await map()).toEqual([]);
  });
});

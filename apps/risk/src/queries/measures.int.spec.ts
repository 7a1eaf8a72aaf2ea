import { describe, expect, it } from '@jest/globals';
import { Accuracy, RiskMap } from '@linli/contracts';
import { DAY, HOUR } from '@linli/kernel';
import { anEvent, aPrincipal, AREA, NOW, someEvents, type World } from '../risk.fixture.js';
import { worldForEachTest } from '../worlds.fixture.js';
import { accuracy } from './accuracy.js';
import { riskMap } from './map.js';

let world: World;
worldForEachTest((empty) => (world = empty));

const REGISTER = '00000000-0000-4000-8000-000000000000';
const outline = {
  type: 'Polygon',
  coordinates: [
    [
      [120, 30],
      [120.1, 30],
      [120.1, 30.1],
      [120, 30],
    ],
  ],
};
const limited = aPrincipal({ areas: ['330106'] });

const act = (verb: string, id: string, data: object = {}, over: object = {}) =>
  world.tell(`risk.${verb}-warning`, id, data, over);
const idOf = async (category: string): Promise<string> => {
  const [row] = await world.query<{ id: string }>('SELECT id FROM warning WHERE category = $1', [category]);
  return row?.id ?? '';
};

describe('accuracy', () => {
  /** A red event of a property dispute, a yellow false alarm in fraud. */
  const ended = async (): Promise<void> => {
    await world.arrive(someEvents(3));
    await world.arrive(someEvents(5, { category: 'FRD-01' }, 'f'), undefined, NOW - HOUR);
    const [dispute, fraud] = [await idOf('DSP-04'), await idOf('FRD-01')];
    for (const id of [dispute, fraud]) {
      await act('issue', id, {}, { principal: aPrincipal({ keyId: 'k-duty' }) });
      await act('acknowledge', id);
    }
    world.now = NOW + HOUR;
    await act('verify', fraud, { result: 'false', evidence: 'a game' });
    await act('verify', dispute, { result: 'confirmed', evidence: 'seen' });
    await act('plan', dispute, {
      measures: ['talk'],
      people: ['Li'],
      due: new Date(NOW + DAY).toISOString(),
    });
    world.now = NOW + 20 * DAY;
    await act('monitor', dispute, { evidence: 'over' });
    for (const days of [27, 35, 50]) {
      world.now = NOW + days * DAY;
      await act('visit', dispute, { finding: 'quiet' });
    }
    const happenedAt = new Date(NOW + 2 * DAY).toISOString();
    await act('close', dispute, { outcome: 'event', happenedAt });
  };

  it('counts what ended, traditional and new-type risks apart', async () => {
    await ended();
    const found = await accuracy(world.database, aPrincipal(), {});
    expect(Accuracy.parse(found)).toEqual(found);
    expect(found.traditional.counts).toMatchObject({ event: 1, falseAlarm: 0 });
    expect(found.traditional.recall).toEqual({ right: 1, of: 1, percent: null, interval: null });
    expect(found.traditional.leadTime).toEqual({ cases: 1, medianMinutes: 2880, p10Minutes: 2880 });
    expect(found.traditional.early.engaged).toMatchObject({ cases: 1, medianMinutes: 60 });
    expect(found.nonTraditional.counts).toMatchObject({ event: 0, falseAlarm: 1 });
    expect(found.nonTraditional.early.found).toMatchObject({ cases: 1, medianMinutes: 60 });
  });

  it('asks for a period, an area, and what the key may see', async () => {
    await ended();
    const ends = async (who = aPrincipal(), filter: object = {}) => {
      const { traditional, nonTraditional } = await accuracy(world.database, who, filter);
      return [traditional.counts.event, nonTraditional.counts.falseAlarm];
    };
    const month = new Date(NOW + 30 * DAY).toISOString();
    expect(await ends(undefined, { to: month })).toEqual([0, 1]);
    expect(await ends(undefined, { from: month })).toEqual([1, 0]);
    expect(await ends(undefined, { area: AREA.slice(0, 9) })).toEqual([1, 1]);
    expect(await ends(undefined, { area: '3302' })).toEqual([0, 0]);
    expect(await ends(limited)).toEqual([0, 0]);
    expect(await ends(aPrincipal({ tenant: 'xihu' }))).toEqual([0, 0]);
  });
});

describe('the map', () => {
  const load = (areas: object[]) => world.tell('risk.load-areas', REGISTER, { areas });
  const features = async (filter: object = {}, who = aPrincipal()) => {
    const found = await riskMap(world.database, who, filter);
    expect(RiskMap.parse(found)).toEqual(found);
    return found.features;
  };

  it('has the loaded areas with their outlines and the colours of their open warnings', async () => {
    await load([
      { code: AREA, name: '良渚社区', boundary: outline },
      { code: '330110003013', name: '安静社区' },
    ]);
    await world.arrive(someEvents(3));
    await world.arrive([anEvent({ id: 'gas', category: 'INF-01', confirmed: true })]);
    expect(await features()).toEqual([
      {
        type: 'Feature',
        id: AREA,
        geometry: outline,
        properties: {
          ...{ area: AREA, name: '良渚社区', colour: 'yellow', colourName: '黄' },
          ...{ red: 0, orange: 0, yellow: 1, candidates: 1, monitoring: 0, exercises: 0 },
        },
      },
      expect.objectContaining({
        id: '330110003013',
        geometry: null,
        properties: expect.objectContaining({ colour: null, colourName: null, yellow: 0 }) as object,
      }),
    ]);
  });

  it('adds up streets and districts, also where none was loaded', async () => {
    await world.arrive(someEvents(3));
    await world.arrive(someEvents(5, { area: '330110003099', grid: null }, 'o'));
    await act(
      'issue',
      (await world.query<{ id: string }>(`SELECT id FROM warning WHERE level = 2`))[0]?.id ?? '',
    );
    const [street] = await features({ level: 'street' });
    expect(street).toMatchObject({ id: '330110003', properties: { colour: 'orange', orange: 1, yellow: 1 } });
    expect((await features({ level: 'district' })).map(({ id }) => id)).toEqual(['330110']);
    expect((await features()).map(({ id }) => id)).toEqual([AREA, '330110003099']);
  });

  it('shows a key its areas only, and a tenant its own', async () => {
    await load([{ code: AREA, name: '良渚社区' }]);
    await world.arrive(someEvents(3));
    expect(await features({}, limited)).toEqual([]);
    expect(await features({}, aPrincipal({ areas: [AREA] }))).toHaveLength(1);
    expect(await features({}, aPrincipal({ tenant: 'xihu' }))).toEqual([]);
    expect(await features({ area: '3302' })).toEqual([]);
  });

  it('keeps an outline when an area is loaded again without one', async () => {
    await load([{ code: AREA, name: '良渚社区', boundary: outline }]);
    await load([{ code: AREA, name: '良渚' }]);
    expect(await features()).toMatchObject([{ geometry: outline, properties: { name: '良渚' } }]);
    const open = { ...outline, coordinates: [outline.coordinates[0]?.slice(0, 3)] };
    expect((await load([{ code: AREA, name: 'x', boundary: open }])).refusal?.code).toBe('BODY_INVALID');
  });
});

describe('the palette of a tenant', () => {
  it('names the colours in answers; nothing else changes', async () => {
    await world.arrive(someEvents(3));
    const id = await idOf('DSP-04');
    const chosen = await world.tell('risk.choose-palette', REGISTER, { palette: 'red-yellow-blue' });
    expect(chosen.resource).toMatchObject({ colours: { orange: '黄', yellow: '蓝' } });
    expect((await act('acknowledge', id)).resource).toMatchObject({ colour: 'yellow', colourName: '蓝' });
    const [feature] = (await riskMap(world.database, aPrincipal(), {})).features;
    expect(feature?.properties).toMatchObject({ colour: 'yellow', colourName: '蓝', yellow: 1 });
    expect(world.facts.at(-1)?.data).toEqual({ area: AREA, colour: 'yellow' });
  });
});

import { describe, expect, it } from '@jest/globals';
import type { IntakeEvent } from '@linli/contracts';
import { DAY } from '@linli/kernel';
import { findFate, summarise } from '../queries/find-events.js';
import { recomputeIn } from './recompute.js';
import { anEvent, aPrincipal, AREA, NOW, someEvents, type World } from '../risk.fixture.js';
import { worldForEachTest } from '../worlds.fixture.js';

let world: World;
worldForEachTest((empty) => (world = empty));

const summary = () => summarise(world.database, aPrincipal(), {}, world.now);
const fate = (id: string) => findFate(world.database, aPrincipal(), { source: 'petition', id }, world.now);

describe('an event that is sent again with a category and area that are known', () => {
  const good = anEvent({ id: 'again' });
  const noCategory = anEvent({ id: 'again', category: 'NOISE' });
  const noArea = anEvent({ id: 'again', area: '1' });

  it.each<[string, IntakeEvent[][], number]>([
    ['after the faulty copy', [[noCategory], [good]], 1],
    ['after one with an unknown area', [[noArea], [good]], 1],
    ['before the faulty copy', [[good], [noCategory]], 1],
    ['after it in one chunk', [[noCategory, good]], 1],
    ['before it in one chunk', [[good, noCategory]], 1],
    [
      'between faulty copies',
      [
        [noCategory, noArea],
        [noArea, good, noCategory],
      ],
      4,
    ],
  ])('is stored and scored once when the good copy comes %s', async (_, chunks, duplicates) => {
    await world.arrive(someEvents(2));
    for (const chunk of chunks) await world.arrive(chunk);
    expect(await summary()).toMatchObject({ stored: 3, quarantined: 0, counting: 3, duplicates });
    expect(await fate('again')).toMatchObject({
      ...{ status: 'stored', category: 'DSP-04', area: AREA, counts: true, duplicates },
      warning: { colour: 'yellow', status: 'issued' },
    });
    expect(await world.query('SELECT level, score FROM warning')).toEqual([{ level: 1, score: 43.8 }]);
  });

  it('stays in quarantine once when no copy is known', async () => {
    await world.arrive([noCategory]);
    await world.arrive([noArea]);
    expect(await summary()).toMatchObject({ stored: 0, quarantined: 1, duplicates: 1 });
    expect(await fate('again')).toMatchObject({ status: 'quarantined', reason: 'category' });
  });

  it('leaves what other sources and tenants have in quarantine under the same id', async () => {
    await world.arrive([{ ...noCategory, source: 'officer' }]);
    await world.arrive([noCategory], 'xihu');
    await world.arrive([good]);
    expect(await world.query('SELECT tenant, source FROM risk_quarantine ORDER BY tenant')).toEqual([
      { tenant: 'xihu', source: 'petition' },
      { tenant: 'yuhang', source: 'officer' },
    ]);
  });
});

describe('an event that is older than 30 times 24 hours when it comes', () => {
  const old = NOW - 30 * DAY - 1;

  it('is stored and never counts, although its day is still in the window', async () => {
    const late = { confirmed: true, vulnerable: true, party: 'p', point: [120, 30] as [number, number] };
    await world.arrive([
      ...someEvents(4, { ...late, occurredAt: old, triggers: ['gas_alarm'] }, 'old'),
      anEvent({ party: 'p' }),
    ]);
    await world.arrive(someEvents(1, { party: 'p' }, 'next'));
    const [place] = await world.query(
      `SELECT score, point, (SELECT sum(value::int)::int FROM json_each_text(baseline->'weeks')) AS baseline
       FROM risk_place`,
    );
    expect(place).toEqual({ score: 31.9, point: null, baseline: 6 });
    expect(await world.assessments()).toMatchObject([{ count: 2, score: 31.9, level: 0 }]);
    expect(await fate('old-0')).toMatchObject({ status: 'stored', counts: false, warning: null });
    expect(await summary()).toMatchObject({ stored: 6, counting: 2 });
    expect(await recomputeIn(world.database)).toMatchObject([{ equal: true }]);
  });

  it('counts when it is no older than that, and goes on counting on its last day', async () => {
    await world.arrive([anEvent({ occurredAt: NOW - 30 * DAY })]);
    world.now = NOW + 1000;
    expect(await fate('e-1')).toMatchObject({ counts: true });
    expect(await summary()).toMatchObject({ stored: 1, counting: 1 });
    expect(await recomputeIn(world.database)).toMatchObject([{ equal: true }]);
  });

  it('is measured by its receipt, however late it is handled', async () => {
    await world.arrive([anEvent({ occurredAt: old })], undefined, NOW - 1);
    expect(await summary()).toMatchObject({ stored: 1, counting: 1 });
  });
});

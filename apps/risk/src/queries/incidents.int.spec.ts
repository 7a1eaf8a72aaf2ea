import { describe, expect, it } from '@jest/globals';
import { Accuracy, Incident, IncidentPage } from '@linli/contracts';
import { DAY, HOUR } from '@linli/kernel';
import { aPrincipal, AREA, NOW, someEvents, type World } from '../risk.fixture.js';
import { worldForEachTest } from '../worlds.fixture.js';
import { accuracy } from './accuracy.js';
import { findIncidents } from './find-incidents.js';

let world: World;
worldForEachTest((empty) => (world = empty));

const REGISTER = '00000000-0000-4000-8000-000000000000';
const iso = (at: number): string => new Date(at).toISOString();
const happened = { category: 'dsp.property_service', area: AREA, happenedAt: iso(NOW + 30 * HOUR) };
const record = async (over: object = {}, more: object = {}) => {
  const body = { ...happened, source: 'police', reference: '110-1', ...over };
  const { resource, refusal } = await world.tell('risk.record-incident', REGISTER, body, more);
  return { incident: resource as Incident, refusal };
};
const withdraw = (id: string, data: object = { reason: 'another street' }, more: object = {}) =>
  world.tell('risk.withdraw-incident', REGISTER, { id, ...data }, more);
const measures = async (filter: object = {}, who = aPrincipal()) => {
  const found = await accuracy(world.database, who, filter);
  expect(Accuracy.parse(found)).toEqual(found);
  const { recall, early, counts } = found.traditional;
  return {
    recall: [recall.right, recall.of],
    before: [early.foundBefore.right, early.foundBefore.of],
    incidents: counts.incidents,
  };
};
const list = async (filter: object = {}, who = aPrincipal()) => {
  const found = await findIncidents(world.database, who, filter);
  expect(IncidentPage.parse(found)).toEqual(found);
  return found;
};
const warned = async (): Promise<string> => {
  await world.arrive(someEvents(3));
  const [row] = await world.query<{ id: string }>('SELECT id FROM warning');
  return row?.id ?? '';
};

describe('an event of record', () => {
  it('that nobody was warned of lowers recall, and shows whether there was any signal before', async () => {
    world.now = NOW + 2 * DAY;
    expect(Incident.parse((await record()).incident)).toMatchObject({
      ...{ category: 'DSP-04', warning: null, recordedBy: 'Street duty', withdrawn: null },
    });
    expect(await measures()).toEqual({ recall: [0, 1], before: [0, 1], incidents: 1 });
    world.now = NOW;
    await world.arrive(someEvents(1));
    expect(await measures()).toEqual({ recall: [0, 1], before: [1, 1], incidents: 1 });
  });

  it('names the warning that was about it, which counts when it was issued early enough', async () => {
    const warning = await warned();
    world.now = NOW + 2 * DAY;
    await record({ warning });
    await record({ warning, reference: '110-2', happenedAt: iso(NOW + 23 * HOUR) });
    expect(await measures()).toEqual({ recall: [1, 2], before: [2, 2], incidents: 2 });
  });

  it('is one with the event that its warning is closed with', async () => {
    const warning = await warned();
    await world.query(
      `UPDATE warning SET status = 'closed', outcome = 'event', closed_at = $1, happened_at = $1`,
      [iso(NOW + 30 * HOUR)],
    );
    world.now = NOW + 2 * DAY;
    await record({ warning });
    expect(await measures()).toEqual({ recall: [1, 1], before: [1, 1], incidents: 0 });
  });

  it('is recorded once, by source and reference, and again after it was withdrawn', async () => {
    world.now = NOW + 2 * DAY;
    const { incident } = await record();
    expect((await record({ category: 'DSP-03' })).refusal).toMatchObject({
      ...{ code: 'RSK_INCIDENT_KNOWN', kind: 'conflict' },
    });
    expect((await withdraw(incident.id, { reason: ' ' })).refusal?.code).toBe('BODY_INVALID');
    expect((await withdraw(incident.id)).resource).toMatchObject({
      withdrawn: { at: iso(world.now), by: 'Street duty', reason: 'another street' },
    });
    expect((await withdraw(incident.id)).refusal).toMatchObject({
      ...{ code: 'RSK_INCIDENT_NOT_FOUND', kind: 'not-found' },
    });
    expect(await measures()).toMatchObject({ recall: [0, 0], incidents: 0 });
    expect((await record()).refusal).toBeNull();
    expect((await list()).items).toHaveLength(2);
  });

  it('has a known category and area, a real warning that the key sees, and lies in the past', async () => {
    const pointers = async (over: object) =>
      (await record(over)).refusal?.flaws?.map(({ pointer }) => pointer);
    world.now = NOW + 2 * DAY;
    expect(await pointers({ category: 'NOISE', area: '3301', happenedAt: iso(NOW + 3 * DAY) })).toEqual([
      ...['/category', '/area', '/happenedAt'],
    ]);
    expect(await pointers({ warning: REGISTER })).toEqual(['/warning']);
    await world.arrive(someEvents(3, { exercise: true, occurredAt: world.now }));
    const [drill] = await world.query<{ id: string }>('SELECT id FROM warning');
    expect(await pointers({ warning: drill?.id })).toEqual(['/warning']);
    const elsewhere = { principal: aPrincipal({ areas: ['330106'] }) };
    expect((await record({}, elsewhere)).refusal?.code).toBe('AREA_FORBIDDEN');
    expect((await list()).items).toEqual([]);
  });

  it('is seen, counted and withdrawn within the areas of a key and its tenant, and by period', async () => {
    world.now = NOW + 2 * DAY;
    const { incident } = await record();
    await record({ reference: '110-2', happenedAt: iso(NOW - DAY) });
    const [limited, other] = [aPrincipal({ areas: ['330106'] }), aPrincipal({ tenant: 'xihu' })];
    expect((await withdraw(incident.id, undefined, { principal: limited })).refusal?.code).toBe(
      'RSK_INCIDENT_NOT_FOUND',
    );
    expect([(await list({}, limited)).items, (await list({}, other)).items]).toEqual([[], []]);
    expect([(await measures({}, limited)).incidents, (await measures({}, other)).incidents]).toEqual([0, 0]);
    expect(await measures({ from: iso(NOW), area: AREA.slice(0, 9) })).toMatchObject({ incidents: 1 });
    expect(await measures({ to: iso(NOW) })).toMatchObject({ incidents: 1 });
    const first = await list({ limit: 1 });
    expect(first.items).toMatchObject([{ reference: '110-1' }]);
    const second = await list({ limit: 1, cursor: first.next ?? '' });
    expect([second.items, second.next]).toMatchObject([[{ reference: '110-2' }], null]);
  });
});

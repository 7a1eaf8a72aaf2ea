import { describe, expect, it } from '@jest/globals';
import { Silence, SilenceRemindedV1 } from '@linli/contracts';
import { DAY, HOUR } from '@linli/kernel';
import { anEvent, aPrincipal, AREA, NOW, someEvents, TENANT, type World } from '../risk.fixture.js';
import { worldForEachTest } from '../worlds.fixture.js';
import { findWarnings } from '../queries/find-warnings.js';
import { silences } from '../store/silences.js';

let world: World;
worldForEachTest((empty) => (world = empty));

const REGISTER = '00000000-0000-4000-8000-000000000000';
const STREET = AREA.slice(0, 9);
const END = new Date(NOW + DAY).toISOString();
const iso = (at: number): string => new Date(at).toISOString();

const silence = (data: object = {}, over: object = {}) =>
  world.tell('risk.silence', REGISTER, { area: STREET, reason: '管道抢修', until: END, ...data }, over);
const shown = async () =>
  (await findWarnings(world.database, aPrincipal(), {})).items.map(
    ({ category, silencedUntil }) => [category, silencedUntil] as const,
  );

describe('a silence', () => {
  it('marks what is raised while it holds, and nothing else about it changes', async () => {
    await world.arrive(someEvents(3, { category: 'DSP-03' }, 'before'));
    await world.arrive(someEvents(5, { category: 'DSP-03' }, 'up'));
    world.now = NOW + HOUR;
    expect(Silence.parse((await silence()).resource)).toMatchObject({ state: 'holds', owner: 'Street duty' });
    world.now = NOW + 2 * HOUR;
    await world.arrive(someEvents(3));
    world.now = NOW + 2 * DAY;
    await world.arrive(someEvents(4, { category: 'DSP-08' }, 'after'));
    expect(await shown()).toEqual([
      ['DSP-08', null],
      ['DSP-04', END],
      ['DSP-03', null],
    ]);
    expect(world.facts.map(({ type }) => type.split('.')[3])).toContain('issued');
  });

  it('may name a category or a group, and never mutes red', async () => {
    await silence({ category: 'dsp.property_service' });
    await silence({ category: 'INF' });
    await world.arrive(someEvents(3));
    await world.arrive(someEvents(4, { category: 'DSP-08' }, 'wage'));
    await world.arrive([anEvent({ id: 'gas', category: 'INF-01', triggers: ['gas_alarm'] })]);
    expect(Object.fromEntries(await shown())).toEqual({ 'DSP-04': END, 'DSP-08': null, 'INF-01': null });
  });

  it('is ended by somebody of its area, and mutes nothing that is raised after that', async () => {
    const { resource } = await silence();
    const { id } = resource as { id: string };
    const elsewhere = { principal: aPrincipal({ areas: ['330106'] }) };
    const end = (over: object = {}) => world.tell('risk.end-silence', REGISTER, { id }, over);
    expect((await end(elsewhere)).refusal?.code).toBe('RSK_SILENCE_NOT_FOUND');
    world.now = NOW + HOUR;
    expect((await end()).resource).toMatchObject({
      state: 'ended',
      ended: { at: iso(NOW + HOUR), by: 'Street duty' },
    });
    expect((await end()).refusal?.code).toBe('RSK_SILENCE_NOT_FOUND');
    await world.arrive(someEvents(3));
    expect(await shown()).toEqual([['DSP-04', null]]);
  });

  it('reminds its owner once, in the stream and in the list, and leaves no clock behind', async () => {
    const { resource } = await silence({ remindAt: iso(NOW + HOUR) });
    const { id } = resource as { id: string };
    const listed = async () => {
      const [found] = await world.database.readAs(aPrincipal(), (tx) =>
        silences.latest(tx, TENANT, null, 10),
      );
      return found?.remindedAt ?? null;
    };
    await world.pass(NOW + HOUR - 1);
    expect([world.facts, await listed()]).toEqual([[], null]);
    await world.pass(NOW + 3 * DAY);
    expect(world.facts).toEqual([
      expect.objectContaining({
        ...{ type: 'linli.risk.silence.reminded.v1', aggregateId: id },
        data: { area: STREET, category: null, owner: 'k-street', until: END },
      }),
    ]);
    expect(SilenceRemindedV1.data.strict().parse(world.facts[0]?.data)).toEqual(world.facts[0]?.data);
    expect(await listed()).toBe(NOW + HOUR);
    expect(await world.query('SELECT clock FROM deadline WHERE ended_at IS NULL')).toEqual([]);
  });

  it('reminds nobody once it was ended, and can be ended after it reminded', async () => {
    const ending = async (from: number) => {
      world.now = from;
      const { resource } = await silence({ until: iso(from + DAY), remindAt: iso(from + HOUR) });
      const { id } = resource as { id: string };
      return () => world.tell('risk.end-silence', REGISTER, { id });
    };
    await (
      await ending(NOW)
    )();
    await world.pass(NOW + 2 * DAY);
    expect(world.facts).toEqual([]);
    const end = await ending(NOW + 2 * DAY);
    await world.pass(NOW + 2 * DAY + 2 * HOUR);
    expect(world.facts).toHaveLength(1);
    expect((await end()).resource).toMatchObject({ state: 'ended', remindedAt: iso(NOW + 2 * DAY + HOUR) });
    expect(await world.query('SELECT clock FROM deadline WHERE ended_at IS NULL')).toEqual([]);
  });

  it('needs a reason, an end within thirty days, a known category and an area of the key', async () => {
    expect((await silence({ reason: ' ' })).refusal?.code).toBe('BODY_INVALID');
    expect((await silence({ until: iso(NOW + 31 * DAY) })).refusal).toMatchObject({
      code: 'RSK_SILENCE_INVALID',
      flaws: [{ pointer: '/until' }],
    });
    expect((await silence({ category: 'NOISE' })).refusal?.flaws).toMatchObject([{ pointer: '/category' }]);
    expect((await silence({}, { principal: aPrincipal({ areas: [AREA] }) })).refusal?.code).toBe(
      'AREA_FORBIDDEN',
    );
    expect(await world.query('SELECT id FROM risk_silence')).toEqual([]);
  });

  it('is seen by those whose areas it touches, its reason sealed', async () => {
    await silence();
    const seen = (areas: string[] | null, tenant?: string) =>
      world.database.readAs(aPrincipal({ areas, ...(tenant !== undefined && { tenant }) }), (tx) =>
        silences.latest(tx, tenant ?? 'yuhang', areas, 10),
      );
    expect([await seen(null), await seen([AREA]), await seen(['3301'])]).toMatchObject([
      [{ area: STREET }],
      [{ area: STREET }],
      [{ area: STREET }],
    ]);
    expect([await seen(['330106']), await seen(null, 'xihu')]).toEqual([[], []]);
    expect(JSON.stringify(await world.query('SELECT * FROM risk_silence'))).not.toContain('管道');
  });
});

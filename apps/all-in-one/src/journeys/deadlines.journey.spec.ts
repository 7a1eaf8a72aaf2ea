import { afterEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { CalendarImported, DeadlineExplanation, DeadlineList, DeadlineView } from '@linli/contracts';
import { acceleratedClock, DAY, type Clock } from '@linli/kernel';
import { eventually } from '@linli/testing';
import type { Client } from './client.js';
import { anEvent, freshArea } from './events.js';
import { hear, type Hearing } from './hearing.js';
import { modes, startSystem, type Mode, type System } from './system.js';

interface WarningBody {
  id: string;
  status: string;
  colour: string;
  supervision: number;
  version: number;
  code?: string;
}

const RED_FROM = 80;

const closing: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

/** A system whose time starts at an instant and runs so many times as fast; null when its mode cannot be had here. */
const startAt = async (
  mode: Mode,
  text: string,
  factor: number,
): Promise<{ client: Client; clock: Clock; area: string } | null> => {
  const clock = acceleratedClock(new Date(text), factor);
  const system: System | null = await startSystem(mode, { clock });
  if (!system) return null;
  closing.push(() => system.stop());
  return { client: system.client, clock, area: freshArea() };
};

const report = (client: Client, clock: Clock, area: string, count: number, over: object = {}) =>
  client.post(
    '/v1/risk-events',
    Array.from({ length: count }, () => anEvent({ area, occurredAt: clock.now().toISOString(), ...over })),
  );
const inArea = (client: Client, area: string, status: string): Promise<WarningBody> =>
  eventually(async () => {
    const { body } = await client.get<{ items: WarningBody[] }>(`/v1/warnings?area=${area}&status=${status}`);
    if (!body.items[0]) throw new Error(`no ${status} warning yet`);
    return body.items[0];
  });
const orders = (client: Client, id: string) => async (verb: string, body: object) =>
  (await client.post<WarningBody>(`/v1/warnings/${id}/${verb}`, body, { 'if-match': '*' })).body;
const deadlinesOf = async (client: Client, id: string): Promise<readonly DeadlineView[]> =>
  (await client.get<DeadlineList>(`/v1/warnings/${id}/deadlines`)).body.items;
const timelineOf = async (client: Client, id: string): Promise<string[]> => {
  const { body } = await client.get<{ items: { type: string }[] }>(`/v1/warnings/${id}/timeline`);
  return body.items.map(({ type }) => type.split('.')[3] ?? '');
};
const follow = async (client: Client, area: string): Promise<Hearing> => {
  const hearing = await hear(client, area);
  closing.push(() => hearing.close());
  return hearing;
};
/** `ack half`, `supervised 3 for ack, notice 1`, `escalated`: what was said of one clock, in order. */
const linesOf = ({ heard }: Hearing, of: string): string[] =>
  heard
    .filter(({ name, data }) => data['clock'] === of || name === 'escalated')
    .map(({ name, data }) => {
      if (name === 'reminded') return `${String(data['clock'])} ${String(data['rung'])}`;
      if (name === 'escalated') return `escalated to ${String(data['colour'])} by ${String(data['cause'])}`;
      return `supervised ${String(data['supervision'])}, notice ${String(data['notice'])}`;
    });

describe.each(modes)('on an accelerated clock, %s', (mode) => {
  it('a red warning ignored by its owner climbs the ladder: each rung once, in the stream, the timeline and the answers', async () => {
    const world = await startAt(mode, '2026-12-07T10:00:00+08:00', 300);
    if (!world) return;
    const { client, clock, area } = world;
    const hearing = await follow(client, area);
    await report(client, clock, area, 1, { category: 'INF-01', confirmed: true });
    const { id } = await inArea(client, area, 'candidate');
    expect(await orders(client, id)('issue', {})).toMatchObject({ status: 'issued', colour: 'red' });
    const climbed = ['ack half', 'ack most', ...[1, 2, 3].map((n) => `supervised 3, notice ${n}`)];
    await eventually(() => Promise.resolve(linesOf(hearing, 'ack').length >= climbed.length), {
      ...{ withinMs: 45_000, what: 'the top of the ladder' },
    });
    expect(linesOf(hearing, 'ack')).toEqual(climbed);
    const { body } = await client.get<WarningBody>(`/v1/warnings/${id}`);
    expect(body).toMatchObject({ status: 'issued', colour: 'red', supervision: 3 });
    const timeline = await timelineOf(client, id);
    expect(timeline.filter((name) => name === 'supervised').length).toBeGreaterThanOrEqual(3);
    expect(timeline).not.toContain('escalated');
    const ack = (await deadlinesOf(client, id)).find((one) => one.clock === 'ack');
    expect(ack).toMatchObject({ state: 'overdue', supervision: 3 });
    expect(ack?.rungs.every(({ reached }) => reached)).toBe(true);
    expect(await orders(client, id)('acknowledge', {})).toMatchObject({ status: 'acknowledged' });
    expect((await deadlinesOf(client, id)).find((one) => one.clock === 'ack')?.state).toBe('missed');
  });

  it('a yellow warning that nobody answers turns orange and red, one colour for each missed clock', async () => {
    const world = await startAt(mode, '2026-12-07T10:00:00+08:00', 2_400);
    if (!world) return;
    const { client, clock, area } = world;
    const hearing = await follow(client, area);
    await report(client, clock, area, 3);
    const climbed = [
      ...['ack half', 'ack most', 'supervised 1, notice 1', 'escalated to orange by timeout'],
      ...['ack half', 'ack most', 'supervised 2, notice 1', 'escalated to red by timeout'],
      ...['ack half', 'ack most', 'supervised 3, notice 1'],
    ];
    await eventually(() => Promise.resolve(linesOf(hearing, 'ack').length >= climbed.length), {
      ...{ withinMs: 45_000, what: 'a red warning under supervision' },
    });
    expect(linesOf(hearing, 'ack').slice(0, climbed.length)).toEqual(climbed);
    expect(await inArea(client, area, 'issued')).toMatchObject({ colour: 'red', supervision: 3 });
  });

  it('a storm of flapping scores raises once and lowers once', async () => {
    const world = await startAt(mode, '2026-12-07T10:00:00+08:00', 20_000);
    if (!world) return;
    const { client, clock, area } = world;
    const hearing = await follow(client, area);
    const told = (name: string): number => hearing.heard.filter((one) => one.name === name).length;
    const scoreNow = async (): Promise<number> =>
      (await client.get<{ score: number }>(`/v1/warnings/${id}/explanation`)).body.score;
    // Heating: weight 3, forgotten within a day. Ten signals are red; a day later they are not, and five more are.
    const storm = (count: number) => report(client, clock, area, count, { category: 'INF-04' });
    await storm(10);
    const { id } = await inArea(client, area, 'candidate');
    const tell = orders(client, id);
    const officer = orders(await client.withKey('officer', ['warnings:read', 'warnings:write']), id);
    await tell('issue', {});
    await tell('acknowledge', {});
    await officer('verify', { result: 'confirmed', evidence: 'cold flats' });
    const due = new Date(clock.now().getTime() + 30 * DAY).toISOString();
    const plan = { measures: ['repair'], people: ['Li'], due };
    expect(await tell('plan', plan)).toMatchObject({ status: 'disposing', colour: 'red' });
    const began = clock.now().getTime();
    const dayOf = (wave: number) => () => Promise.resolve(clock.now().getTime() > began + wave * DAY);
    for (let wave = 1; wave <= 4; wave += 1) {
      await eventually(dayOf(wave), { what: 'the next day' });
      await storm(1);
      await eventually(async () => (await scoreNow()) < RED_FROM, { what: 'a score below red' });
      await storm(5);
      await eventually(async () => (await scoreNow()) >= RED_FROM, { what: 'a score of red again' });
      expect(await tell('lower', { evidence: 'warm again' })).toMatchObject({ code: 'WRN_HYSTERESIS' });
    }
    const quiet = clock.now().getTime();
    await eventually(async () => (await tell('lower', { evidence: 'warm again' })).colour === 'orange', {
      ...{ withinMs: 45_000, everyMs: 250, what: 'a lower colour' },
    });
    expect(clock.now().getTime() - quiet).toBeGreaterThan(DAY);
    await storm(1);
    // Facts of a warning come in order: with this one all before it are there.
    await tell('update', { text: 'quiet again' });
    await eventually(() => Promise.resolve(told('updated') === 1), { what: 'the last fact in the stream' });
    expect([told('candidate'), told('lowered')]).toEqual([1, 1]);
    const byScore = hearing.heard.filter(
      ({ name, data }) => name === 'escalated' && data['cause'] === 'score',
    );
    expect(byScore).toEqual([]);
  });

  it('an imported calendar moves provisional deadlines, and none to a resident’s disadvantage', async () => {
    const world = await startAt(mode, '2026-12-29T10:00:00+08:00', 20);
    if (!world) return;
    const { client: bootstrap, clock, area } = world;
    const made = await bootstrap.post<{ key: string }>('/v1/api-keys', {
      ...{ name: 'administrator', tenant: `t-${randomUUID()}` },
      scopes: ['calendars:write', 'risk:write', 'risk:read', 'warnings:read', 'warnings:write'],
    });
    const client = bootstrap.as(made.body.key);
    const confirmed = async (category: string): Promise<string> => {
      await report(client, clock, area, category === 'DSP-04' ? 3 : 5, { category });
      const { id } = await inArea(client, area, 'issued');
      const tell = orders(client, id);
      await tell('acknowledge', {});
      expect(await tell('verify', { result: 'confirmed', evidence: 'seen' })).toMatchObject({
        status: 'confirmed',
      });
      return id;
    };
    const open = async (id: string, name: string): Promise<DeadlineView> => {
      const found = (await deadlinesOf(client, id)).findLast((one) => one.clock === name);
      if (!found) throw new Error(`no ${name}`);
      return found;
    };
    const planned = await confirmed('DSP-04');
    const visited = await confirmed('DSP-03');
    await orders(client, visited)('hand-over', { body: 'police', reference: '110-1' });
    await orders(client, visited)('monitor', { evidence: 'settled' });
    const plan = await open(planned, 'plan');
    const visit = await open(visited, 'visits');
    expect(plan).toMatchObject({ due: '2027-01-01T10:00:00.000Z', provisional: true });
    expect(visit).toMatchObject({ due: '2027-01-05T16:00:00.000Z', provisional: true });

    const off = (date: string) => ({ name: '元旦', date, isOffDay: true });
    const year2027 = {
      ...{ $schema: 'https://raw.githubusercontent.com/NateScarlet/holiday-cn/master/schema.json' },
      ...{ $id: 'https://raw.githubusercontent.com/NateScarlet/holiday-cn/master/2027.json', year: 2027 },
      papers: ['https://www.gov.cn/zhengce/zhengceku/202612/content_2027.htm'],
      days: ['2027-01-01', '2027-01-02', '2027-01-03', '2027-01-05'].map(off),
    };
    const moved = [
      { id: plan.id, aggregateId: planned, clock: 'plan', from: plan.due, to: '2027-01-04T10:00:00.000Z' },
    ];
    const dry = await client.post<CalendarImported>('/v1/calendars/import?dryRun=true', year2027);
    expect(dry.body.deadlines).toMatchObject(moved);
    expect(await open(planned, 'plan')).toMatchObject({ due: plan.due, provisional: true });
    const done = await client.post<CalendarImported>('/v1/calendars/import', year2027, { prefer: 'wait=10' });
    expect(done).toMatchObject({ status: 200, body: { moving: 1 } });
    expect(await open(planned, 'plan')).toMatchObject({ due: moved[0]?.to, provisional: false });
    expect(await open(visited, 'visits')).toMatchObject({ due: visit.due, provisional: false });
    const { body } = await client.get<DeadlineExplanation>(`/v1/deadlines/${plan.id}/explanation`);
    const counted = body.intervals.filter(({ kind }) => kind === 'counted');
    expect(counted.reduce((sum, { seconds }) => sum + seconds, 0)).toBe(3 * 7 * 3_600);
    expect(body.intervals.some(({ kind, reason }) => kind === 'skipped' && reason.includes('元旦'))).toBe(
      true,
    );
    expect(body.ledger).toMatchObject([
      { kind: 'arm', reason: 'verified; response policy 2026-01', due: plan.due },
      { kind: 'import', by: 'system', due: moved[0]?.to, adopted: true },
    ]);
  });
});

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { SlaItem, SlaQueue, WhatIfAnswer } from '@linli/contracts';
import { startWorld, type World } from './gateway.fixture.js';

const AT = '2026-11-24T01:00:00.000Z';
const id = (n: number): string => `0198f3a0-0000-4000-8000-${String(n).padStart(12, '0')}`;
const queue: SlaQueue = {
  ...{ service: 'risk', clock: 'K_ACK', unit: null, total: 2 },
  bands: { overdue: 1, under10: 0, under25: 0, under50: 1, rest: 0 },
  suspended: { total: 1, reasons: [{ reason: 'handed over', count: 1 }] },
  ...{ provisional: 0, unescalated: 0, oldest: AT, firstDue: AT },
};
const item = (n: number, due: string | null): SlaItem => ({
  ...{ id: id(n), service: 'risk', clock: 'K_ACK', unit: null, aggregateId: id(900), area: '330106' },
  ...{ state: 'armed', startedAt: AT, due, band: 'rest', suspended: null, provisional: false },
  exercise: false,
  remaining: { share: 0.8, amount: 24, basis: 'wall', unit: 'minutes' },
  explanation: `/v1/deadlines/${id(n)}/explanation`,
});

let world: World;
beforeAll(async () => {
  world = await startWorld();
}, 60_000);
afterAll(() => world.close());
beforeEach(() => {
  world.risk.routes.clear();
  world.risk.asked.length = 0;
  world.risk.away = false;
});

const problem = async (response: Response): Promise<{ status: number; code: unknown }> => ({
  status: response.status,
  code: ((await response.json()) as { code?: unknown }).code,
});

describe('GET /v1/sla/queues', () => {
  it('puts together what services count, narrowed as they were asked', async () => {
    world.risk.says('/internal/sla/queues', 200, { at: AT, items: [queue] });
    const response = await world.ask('/v1/sla/queues?clock=K_ACK&area=330106&service=risk');
    expect([response.status, await response.json()]).toEqual([
      200,
      { at: AT, items: [queue], unreachable: [] },
    ]);
    expect(world.risk.asked.at(-1)).toBe('/internal/sla/queues?clock=K_ACK&area=330106');
  });

  it('is for operators, and passes on to which areas they are limited', async () => {
    const { key } = await world.newKey({ name: 'reader', scopes: ['warnings:read'] });
    for (const path of ['/v1/sla/queues', '/v1/sla/items', '/v1/sla/forecast'])
      expect(await problem(await world.ask(path, { key }))).toEqual({
        status: 403,
        code: 'GTW_SCOPE_MISSING',
      });
    const body = { change: 'policy', clock: 'K_ACK', budget: { basis: 'wall', amount: 1, unit: 'hours' } };
    expect(await problem(await world.post('/v1/sla/what-if', body, {}, key))).toMatchObject({ status: 403 });
    const street = await world.newKey({ name: 'street', scopes: ['ops'], areas: ['330106'] });
    world.risk.says('/internal/sla/queues', 200, { at: AT, items: [] });
    expect((await world.ask('/v1/sla/queues', { key: street.key })).status).toBe(200);
    expect(world.risk.principals.at(-1)).toMatchObject({ scopes: ['ops'], areas: ['330106'] });
  });

  it('fails when no service answers, instead of showing that nothing is late', async () => {
    world.risk.away = true;
    expect(await problem(await world.ask('/v1/sla/queues'))).toEqual({
      ...{ status: 503, code: 'GTW_OWNER_UNAVAILABLE' },
    });
  });

  it('refuses what it does not know', async () => {
    for (const wrong of ['service=moon', 'area=x', 'clock=', 'colour=red'])
      expect(await problem(await world.ask(`/v1/sla/queues?${wrong}`))).toEqual({
        ...{ status: 400, code: 'QUERY_INVALID' },
      });
  });
});

describe('GET /v1/sla/items', () => {
  it('answers a page in the order of due times, with the place where the next one begins', async () => {
    const items = [item(3, null), item(2, '2026-11-24T03:00:00.000Z'), item(1, '2026-11-24T02:00:00.000Z')];
    world.risk.says('/internal/sla/items', 200, { at: AT, items });
    const response = await world.ask('/v1/sla/items?limit=2&band=under10&suspended=false&state=armed');
    const page = (await response.json()) as { items: SlaItem[]; next: string };
    expect(page.items.map((one) => one.id)).toEqual([id(1), id(2)]);
    expect(page.next).toBe(`${Date.parse('2026-11-24T03:00:00.000Z')}.${id(2)}`);
    expect(world.risk.asked.at(-1)).toBe(
      '/internal/sla/items?state=armed&band=under10&suspended=false&limit=3',
    );
    world.risk.says('/internal/sla/items', 200, { at: AT, items: [item(3, null)] });
    const last = await world.ask(`/v1/sla/items?limit=2&cursor=${page.next}`);
    expect(await last.json()).toMatchObject({ items: [{ id: id(3) }], next: null });
    expect(world.risk.asked.at(-1)).toContain(`cursor=${page.next}`);
  });

  it.each(['band=late', 'state=cancelled', 'suspended=yes', 'limit=0', 'limit=201', 'cursor=x.y'])(
    'refuses %s',
    async (wrong) => {
      expect(await problem(await world.ask(`/v1/sla/items?${wrong}`))).toEqual({
        ...{ status: 400, code: 'QUERY_INVALID' },
      });
    },
  );
});

describe('GET /v1/sla/forecast', () => {
  it('asks for eight working hours by the throughput of the last seventy, or for others', async () => {
    world.risk.says('/internal/sla/forecast', 200, { at: AT, items: [] });
    const response = await world.ask('/v1/sla/forecast');
    expect(await response.json()).toEqual({
      ...{ at: AT, hours: 8, lookbackHours: 70, items: [], unreachable: [] },
    });
    await world.ask('/v1/sla/forecast?hours=40&lookbackHours=350');
    expect(world.risk.asked).toEqual([
      '/internal/sla/forecast?hours=8&lookbackHours=70',
      '/internal/sla/forecast?hours=40&lookbackHours=350',
    ]);
    expect(await problem(await world.ask('/v1/sla/forecast?hours=1001'))).toMatchObject({ status: 400 });
  });
});

describe('POST /v1/sla/what-if', () => {
  const policy = { change: 'policy', clock: 'K_ACK', budget: { basis: 'wall', amount: 1, unit: 'hours' } };
  const answer: WhatIfAnswer = {
    ...{ at: AT, change: 'policy', moving: 1, earlier: 1, later: 0, late: 1 },
    deadlines: [
      {
        ...{ id: id(1), service: 'risk', aggregateId: id(900), clock: 'K_ACK' },
        ...{ from: '2026-11-24T02:00:00.000Z', to: AT, late: true },
      },
    ],
  };

  it('asks the services, and sends no command', async () => {
    world.risk.says('/internal/sla/what-if', 200, answer);
    const sent = world.log.commands.length;
    const response = await world.post('/v1/sla/what-if', policy);
    expect([response.status, await response.json()]).toEqual([200, answer]);
    const calendar = { change: 'calendar', content: { hours: { always: true } } };
    expect((await world.post('/v1/sla/what-if', calendar)).status).toBe(200);
    expect(world.log.commands.length).toBe(sent);
  });

  it('passes on that no service knows the clock', async () => {
    world.risk.says('/internal/sla/what-if', 422, {
      ...{ type: '-', title: '-', status: 422, code: 'SLA_CLOCK_UNKNOWN', detail: 'no' },
    });
    expect(await problem(await world.post('/v1/sla/what-if', policy))).toEqual({
      ...{ status: 422, code: 'SLA_CLOCK_UNKNOWN' },
    });
  });

  it.each([
    [{ ...policy, change: 'weather' }, '/change'],
    [{ ...policy, budget: { ...policy.budget, amount: 0 } }, '/budget/amount'],
    [{ ...policy, budget: { basis: 'calendar', amount: 1, unit: 'hours' } }, '/budget/unit'],
    [{ change: 'calendar', content: { year: 2027, papers: [] } }, '/content/days'],
    [{ ...policy, calendar: 'default' }, '/calendar'],
  ])('refuses %j', async (body, pointer) => {
    const response = await world.post('/v1/sla/what-if', body);
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({ code: 'BODY_INVALID', errors: [{ pointer }] });
  });
});

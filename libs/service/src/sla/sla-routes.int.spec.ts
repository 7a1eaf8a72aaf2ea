import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SlaForecast, SlaItem, SlaQueue, WhatIfAnswer, type Principal } from '@linli/contracts';
import {
  calendarMigrations,
  calendarsFrom,
  deadlineMigrations,
  openDeadlines,
  postgresCalendarStore,
  postgresDeadlineStore,
  timerAlarm,
  WorkingCalendars,
  type Deadlines,
  type NewDeadline,
} from '@linli/deadlines';
import { HOUR, systemClock } from '@linli/kernel';
import { openDatabase, type Database, type Transaction } from '@linli/store';
import { embeddedDatabase } from '@linli/testing';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { z } from 'zod';
import { serverFor } from '../http/server.js';
import { internalDoor } from '../principal/internal-door.js';
import { PRINCIPAL_HEADER, signPrincipal } from '../principal/signed-principal.js';
import { secretsFrom } from '../secrets.js';
import { mountSla } from './sla-routes.js';

const secrets = secretsFrom('a master secret of a test, 32 characters and more');
const id = (n: number): string => `0198f3a0-0000-4000-8000-${String(n).padStart(12, '0')}`;
const NOW = systemClock.now().getTime();
const calendars = new WorkingCalendars<Transaction>(postgresCalendarStore);

let server: Awaited<ReturnType<typeof embeddedDatabase>>;
let database: Database;
let deadlines: Deadlines<Transaction>;
let fastify: FastifyInstance;

const spent = (n: number, passed: number, over: Partial<NewDeadline> = {}): NewDeadline => ({
  ...{ id: id(n), tenant: 'yuhang', area: '330110003012', unit: 'housing', aggregateId: id(900) },
  ...{ clock: 'K_ACK', budget: { basis: 'wall', amount: 10, unit: 'hours' }, from: NOW - passed * HOUR },
  ...{ calendar: 'default', ...over },
});
const arm = (wanted: readonly NewDeadline[]): Promise<unknown> =>
  database.transaction('http', (tx) => {
    const handling = { tx, appendedAt: new Date(NOW), afterCommit: (): void => undefined };
    return deadlines.arm(handling, wanted, { by: 'system', reason: 'issued' });
  });

beforeAll(async () => {
  server = await embeddedDatabase();
  const migrations = [...calendarMigrations, ...deadlineMigrations];
  database = await openDatabase({ url: server.url, schema: 'probe', migrations, allowUnsafe: true });
  deadlines = openDeadlines({
    store: postgresDeadlineStore(database),
    calendars: calendarsFrom(calendars),
    send: () => Promise.resolve(() => undefined),
    alarm: timerAlarm(),
    ...{ topic: 'linli.probe.commands.v1', type: 'probe.reach-deadline' },
    clocks: { K_ACK: 'none', K_PLAN: 'none' },
    ladders: [],
  });
  calendars.register(deadlines);
  await arm([
    ...[spent(1, 11), spent(2, 9.5), spent(3, 1, { area: '330106003012', unit: null })],
    spent(4, 1, { tenant: 'xihu' }),
    spent(5, 0, {
      clock: 'K_PLAN',
      budget: { basis: 'working', amount: 5, unit: 'days' },
      from: Date.parse('2026-12-30T10:00:00+08:00'),
    }),
  ]);
  const opened = serverFor(pino({ level: 'silent' }));
  ({ fastify } = opened);
  fastify.setErrorHandler(opened.answer);
  internalDoor(fastify, { bus: null, secrets });
  mountSla(fastify, { service: 'probe', deadlines, calendars, database });
  await fastify.ready();
});
afterAll(async () => {
  await fastify.close();
  await deadlines.close();
  await database.close();
  await server.stop();
});

const who = (over: Partial<Principal> = {}): Principal => ({
  ...{ tenant: 'yuhang', keyId: 'k', name: 'n', scopes: ['ops'], areas: null, ...over },
});
const ask = async (path: string, payload?: object, principal = who()) => {
  const response = await fastify.inject({
    method: payload ? 'POST' : 'GET',
    url: `/internal/sla${path}`,
    headers: { [PRINCIPAL_HEADER]: signPrincipal(secrets, principal) },
    ...(payload && { payload }),
  });
  return { status: response.statusCode, body: response.json<unknown>() };
};
const itemsOf = async (query: string, principal = who()): Promise<SlaItem[]> =>
  z
    .object({ items: z.array(SlaItem) })
    .parse((await ask(`/items?limit=50&${query}`, undefined, principal)).body).items;

describe('the internal routes of operators who watch deadlines', () => {
  it('are closed to who is unknown, and to who is no operator', async () => {
    const paths = ['/queues', '/items?limit=1', '/forecast?hours=8&lookbackHours=70'];
    for (const path of paths) {
      expect((await fastify.inject({ url: `/internal/sla${path}` })).statusCode).toBe(401);
      expect(await ask(path, undefined, who({ scopes: ['warnings:read'] }))).toMatchObject({
        ...{ status: 403, body: { code: 'OPS_FORBIDDEN' } },
      });
    }
    expect(await ask('/what-if', { change: 'policy' }, who({ scopes: ['keys:write'] }))).toMatchObject({
      status: 403,
    });
  });

  it('count by what is left, for the tenant and the areas of who asks', async () => {
    const counted = async (principal: Principal) => {
      const { items } = z
        .object({ items: z.array(SlaQueue) })
        .parse((await ask('/queues', undefined, principal)).body);
      return items.map(({ service, clock, unit, total, bands: { overdue, under10 } }) => [
        ...[service, clock, unit, total, overdue, under10],
      ]);
    };
    expect(await counted(who())).toEqual([
      ['probe', 'K_ACK', 'housing', 2, 1, 1],
      ['probe', 'K_ACK', null, 1, 0, 0],
      ['probe', 'K_PLAN', 'housing', 1, 0, 0],
    ]);
    expect(await counted(who({ areas: ['330106'] }))).toEqual([['probe', 'K_ACK', null, 1, 0, 0]]);
    expect(await counted(who({ tenant: 'xihu' }))).toEqual([['probe', 'K_ACK', 'housing', 1, 0, 0]]);
  });

  it('list what is open, from where a page ended', async () => {
    const all = await itemsOf('');
    expect(all.map((one) => one.id)).toEqual([id(1), id(2), id(3), id(5)]);
    expect(all[1]).toMatchObject({ band: 'under10', remaining: { basis: 'wall', unit: 'hours' } });
    expect(all[3]).toMatchObject({ provisional: true, remaining: { share: 1, amount: 5 } });
    const due = Date.parse(all[1]?.due ?? '');
    expect((await itemsOf(`cursor=${due}.${id(2)}`)).map((one) => one.id)).toEqual([id(3), id(5)]);
    expect((await itemsOf('band=overdue&suspended=false')).map((one) => one.id)).toEqual([id(1)]);
    expect(await itemsOf('', who({ areas: ['44'] }))).toEqual([]);
    expect(await ask('/items?limit=5&cursor=x')).toMatchObject({
      ...{ status: 400, body: { code: 'QUERY_INVALID' } },
    });
  });

  it('look ahead', async () => {
    const { body } = await ask('/forecast?hours=1000&lookbackHours=70&clock=K_ACK&unit=housing');
    const { items } = SlaForecast.pick({ items: true }).parse(body);
    expect(items).toMatchObject([
      { service: 'probe', overdue: 1, waiting: 1, atRisk: 1, first: { id: id(2) } },
    ]);
  });

  it('say what another budget would move and make late, and move nothing', async () => {
    const order = { change: 'policy', clock: 'K_ACK', budget: { basis: 'wall', amount: 5, unit: 'hours' } };
    const { body } = await ask('/what-if', order);
    expect(WhatIfAnswer.parse(body)).toMatchObject({
      ...{ change: 'policy', moving: 3, earlier: 3, later: 0, late: 1 },
      deadlines: [
        { id: id(1), service: 'probe', late: false },
        { id: id(2), late: true },
        { id: id(3), late: false },
      ],
    });
    expect((await ask('/what-if', order, who({ areas: ['330106'] }))).body).toMatchObject({ moving: 1 });
    expect((await itemsOf('band=overdue')).map((one) => one.id)).toEqual([id(1)]);
    expect(await ask('/what-if', { ...order, clock: 'K_MOON' })).toMatchObject({
      ...{ status: 422, body: { code: 'SLA_CLOCK_UNKNOWN' } },
    });
  });

  it('say what an import would move, without importing', async () => {
    const content = {
      ...{ year: 2027, papers: ['国办发明电 1'] },
      days: [
        { date: '2027-01-01', name: '元旦', isOffDay: true },
        { date: '2027-01-04', name: '元旦', isOffDay: true },
      ],
    };
    const { body } = await ask('/what-if', { change: 'calendar', content });
    expect(WhatIfAnswer.parse(body)).toMatchObject({
      ...{ change: 'calendar', moving: 1, earlier: 0, later: 1, late: 0 },
      deadlines: [{ id: id(5), clock: 'K_PLAN' }],
    });
    expect((await itemsOf('clock=K_PLAN'))[0]).toMatchObject({ provisional: true });
    const emptied = { change: 'calendar', content: { ...content, year: 2026, days: [] } };
    expect(await ask('/what-if', emptied)).toMatchObject({
      ...{ status: 422, body: { code: 'CAL_YEAR_EMPTY' } },
    });
  });

  it('count exercises only when asked to, and mark them among the items', async () => {
    await arm([spent(7, 9.5, { exercise: true, unit: 'fire' })]);
    const unitsOf = async (path: string): Promise<unknown[]> => {
      const { items } = (await ask(path)).body as { items: { unit: unknown }[] };
      return items.map(({ unit }) => unit);
    };
    for (const path of ['/queues?clock=K_ACK', '/forecast?hours=8&lookbackHours=70&clock=K_ACK']) {
      expect(await unitsOf(path)).toEqual(['housing', null]);
      expect(await unitsOf(`${path}&exercise=true`)).toEqual(['fire']);
    }
    const marked = (await itemsOf('clock=K_ACK')).filter(({ exercise }) => exercise);
    expect(marked.map((one) => one.id)).toEqual([id(7)]);
    expect((await itemsOf('clock=K_ACK&exercise=false')).map((one) => one.id)).toEqual([id(1), id(2), id(3)]);
    expect((await ask('/queues?exercise=maybe')).status).toBe(400);
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DeadlinePreview, type Principal } from '@linli/contracts';
import {
  calendarHandlers,
  calendarMigrations,
  WorkingCalendars,
  postgresCalendarStore,
} from '@linli/deadlines';
import { openDatabase, type Database, type Transaction } from '@linli/store';
import { embeddedDatabase } from '@linli/testing';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { serverFor } from '../http/server.js';
import { internalDoor } from '../principal/internal-door.js';
import { PRINCIPAL_HEADER, signPrincipal } from '../principal/signed-principal.js';
import { secretsFrom } from '../secrets.js';
import { mountCalendars } from './calendar-routes.js';
import { lackingOf } from './lacking.js';

const secrets = secretsFrom('a master secret of a test, 32 characters and more');
const clock = { now: () => new Date('2026-11-24T09:00:00+08:00') };
const calendars = new WorkingCalendars<Transaction>(postgresCalendarStore);
const newYear = {
  ...{ year: 2027, papers: ['国办发明电 1'] },
  days: [{ date: '2027-01-01', name: '元旦', isOffDay: true }],
};

let server: Awaited<ReturnType<typeof embeddedDatabase>>;
let database: Database;
let fastify: FastifyInstance;
beforeAll(async () => {
  server = await embeddedDatabase();
  const migrations = calendarMigrations;
  database = await openDatabase({ url: server.url, schema: 'probe', migrations, allowUnsafe: true });
  const { fastify: opened, answer } = serverFor(pino({ level: 'silent' }));
  fastify = opened;
  fastify.setErrorHandler(answer);
  internalDoor(fastify, { bus: null, secrets });
  mountCalendars(fastify, { calendars, database, clock });
  await fastify.ready();
});
afterAll(async () => {
  await fastify.close();
  await database.close();
  await server.stop();
});

const who = (over: Partial<Principal> = {}): Principal => ({
  ...{ tenant: 'yuhang', keyId: 'k', name: 'n', scopes: ['calendars:write'], areas: null, ...over },
});
const ask = async (path: string, payload?: object, principal = who()) => {
  const response = await fastify.inject({
    method: payload ? 'POST' : 'GET',
    url: `/internal${path}`,
    headers: { [PRINCIPAL_HEADER]: signPrincipal(secrets, principal) },
    ...(payload && { payload }),
  });
  return { status: response.statusCode, body: response.json<unknown>() };
};
const order = { basis: 'working', amount: 1, unit: 'days', from: '2026-12-31T10:00:00+08:00' };
const importInto = (calendar: string, content: object, tenant = 'yuhang') =>
  database.transaction('http', async (tx) => {
    const handle = calendarHandlers('probe', calendars).get('calendar.import')?.handle;
    const command = { tenant, aggregateId: tenant, principal: who({ tenant }), data: { calendar, content } };
    const now = clock.now();
    const nothing = (): void => undefined;
    return handle?.(command as never, {
      ...{ tx, now, appendedAt: now, tell: nothing, send: nothing },
      ...{ beforeCommit: nothing, afterCommit: nothing },
    });
  });

describe('the internal routes of calendars', () => {
  it('are closed to who is unknown', async () => {
    for (const url of ['/internal/calendars', '/internal/calendars/default/days'])
      expect((await fastify.inject({ method: 'GET', url })).statusCode).toBe(401);
  });

  it('reckon for anybody, by the calendars of the tenant that asks', async () => {
    const due = async (tenant: string) => {
      const { body } = await ask('/deadlines/preview', order, who({ tenant, scopes: [] }));
      const preview = DeadlinePreview.parse(body);
      return [preview.due, preview.provisional];
    };
    expect(await due('yuhang')).toEqual(['2027-01-01T10:00:00.000Z', true]);
    expect(await lackingOf(calendars, database, clock)).toEqual({ thisYear: 0, nextYear: 1 });
    await importInto('default', newYear);
    expect(await due('yuhang')).toEqual(['2027-01-04T10:00:00.000Z', false]);
    expect(await due('xihu')).toEqual(['2027-01-01T10:00:00.000Z', true]);
    expect(await lackingOf(calendars, database, clock)).toEqual({ thisYear: 0, nextYear: 0 });
  });

  it('tell an unknown calendar, a wrong range and a wrong body apart', async () => {
    expect(await ask('/deadlines/preview', { ...order, calendar: 'nowhere' })).toMatchObject({
      ...{ status: 404, body: { code: 'CAL_NOT_FOUND' } },
    });
    expect(await ask('/deadlines/preview', { ...order, amount: 0 })).toMatchObject({
      ...{ status: 422, body: { code: 'BODY_INVALID', errors: [{ pointer: '/amount' }] } },
    });
    expect(await ask('/deadlines/preview', { ...order, amount: 9000 })).toMatchObject({
      ...{ status: 422, body: { code: 'CAL_TOO_FAR' } },
    });
    const days = (name: string, query: string) => ask(`/calendars/${name}/days?${query}`);
    expect(await days('nowhere', 'from=2026-10-01&to=2026-10-02')).toMatchObject({ status: 404 });
    expect(await days('default', 'from=2026-10-03&to=2026-10-02')).toMatchObject({
      ...{ status: 422, body: { code: 'CAL_RANGE_INVALID' } },
    });
    for (const query of ['from=2026-10-03', 'from=2026-02-30&to=2026-03-02'])
      expect(await days('default', query)).toMatchObject({ status: 400, body: { code: 'QUERY_INVALID' } });
    expect(await days('default', 'from=2026-10-10&to=2026-10-10')).toMatchObject({
      ...{ status: 200, body: { calendar: 'default', items: [{ working: true, reason: 'make-up day' }] } },
    });
  });

  it('answer what an import would change, to those who may import, and change nothing', async () => {
    const hours = { hours: { windows: [['08:00', '16:00']], source: 'street order 7' } };
    const difference = (principal = who()) => ask('/calendars/street-9/difference', hours, principal);
    expect(await difference(who({ areas: ['330110'] }))).toMatchObject({
      ...{ status: 403, body: { code: 'CAL_FORBIDDEN' } },
    });
    expect(await difference()).toMatchObject({
      ...{ status: 200, body: { calendar: 'street-9', dryRun: true, changed: true, deadlines: [] } },
    });
    expect(await ask('/calendars')).toMatchObject({ body: { items: [{ calendar: 'default' }] } });
    expect(await ask('/calendars/Street%209/difference', hours)).toMatchObject({ status: 404 });
  });
});

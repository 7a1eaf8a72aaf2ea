import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { CalendarImported, Command, DeadlinePreview } from '@linli/contracts';
import { startWorld, type World } from './gateway.fixture.js';

const VERSION = 'a1'.repeat(32);
const OTHER = '0f'.repeat(32);
const holidays = {
  $schema: 'https://raw.githubusercontent.com/NateScarlet/holiday-cn/master/schema.json',
  $id: 'https://raw.githubusercontent.com/NateScarlet/holiday-cn/master/2027.json',
  ...{ year: 2027, papers: ['国办发明电 1'] },
  days: [{ name: '元旦', date: '2027-01-01', isOffDay: true }],
};
const imported: CalendarImported = {
  ...{ calendar: 'default', previousVersion: OTHER, calendarVersion: VERSION, dryRun: false, changed: true },
  difference: { days: [], hours: null },
  ...{ calendars: [], moving: 0, deadlines: [] },
};
const preview: DeadlinePreview = {
  ...{ due: '2026-10-27T10:00:00.000Z', unrolledDue: '2026-10-27T10:00:00.000Z', provisional: false },
  ...{ calendarVersion: VERSION, intervals: [], remainingSeconds: 0 },
};

let world: World;
beforeAll(async () => {
  world = await startWorld();
}, 60_000);
afterAll(() => world.close());
beforeEach(() => {
  world.log.onCommand = () => undefined;
  world.risk.asked.length = 0;
});

const problem = async (response: Response): Promise<{ status: number; code: unknown }> => ({
  status: response.status,
  code: ((await response.json()) as { code?: unknown }).code,
});
const decides = (): void => {
  world.log.onCommand = ({ commandId, tenant, requestHash, aggregateId }: Command) =>
    world.risk.outcomes.set(commandId, {
      ...{ commandId, tenant, requestHash, aggregateId, status: 'done', resource: imported },
      ...{ aggregateVersion: 3, refusal: null, completedAt: '2026-11-24T01:00:00.000Z' },
    });
};

describe('POST /v1/calendars/import', () => {
  it('is one command to the service, of the tenant’s calendars, and answers as commands do', async () => {
    decides();
    const response = await world.post('/v1/calendars/import?calendar=street-9', holidays, {
      'idempotency-key': 'year-2027',
    });
    expect(response.status).toBe(200);
    expect(response.headers.get('etag')).toBe('"3"');
    expect(response.headers.get('idempotency-key')).toBe('year-2027');
    expect(await response.json()).toEqual(imported);
    const command = world.log.commands.at(-1);
    expect(command).toMatchObject({
      ...{ type: 'calendar.import', tenant: 'default' },
      data: { calendar: 'street-9', content: { year: 2027, days: [{ date: '2027-01-01' }] } },
    });
    await world.post('/v1/calendars/import', { hours: { always: true } });
    expect(world.log.commands.at(-1)?.aggregateId).toBe(command?.aggregateId);
  });

  it('can be on its way', async () => {
    const response = await world.post('/v1/calendars/import', holidays, { prefer: 'respond-async' });
    expect(response.status).toBe(202);
    const operation = await world.ask(response.headers.get('location') ?? '');
    expect(await operation.json()).toMatchObject({ status: 'pending' });
  });

  it('with dryRun asks the service, and sends nothing', async () => {
    world.risk.says('/internal/calendars/default/difference', 200, { ...imported, dryRun: true });
    const sent = world.log.commands.length;
    const response = await world.post('/v1/calendars/import?dryRun=true', holidays);
    expect([response.status, await response.json()]).toEqual([200, { ...imported, dryRun: true }]);
    expect(world.log.commands.length).toBe(sent);
  });

  it.each([
    ['no year and no hours', {}, ''],
    ['a year without days', { year: 2027, papers: [] }, '/days'],
    [
      'a day that there is not',
      { ...holidays, days: [{ ...holidays.days[0], date: '2027-02-30' }] },
      '/days/0/date',
    ],
    ['a day twice', { ...holidays, days: [holidays.days[0], holidays.days[0]] }, '/days'],
    ['a day of another year', { ...holidays, days: [{ ...holidays.days[0], date: '2030-01-01' }] }, '/days'],
    [
      'windows that overlap',
      {
        hours: {
          windows: [
            ['09:00', '12:00'],
            ['11:00', '18:00'],
          ],
        },
      },
      '/hours/windows',
    ],
    ['a field that is none', { ...holidays, day: 1 }, '/day'],
  ])('refuses %s', async (_what, body, pointer) => {
    const response = await world.post('/v1/calendars/import', body);
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({ code: 'BODY_INVALID', errors: [{ pointer }] });
  });

  it('needs the scope, for all areas, and a name that is one', async () => {
    const { key } = await world.newKey({ name: 'reader', scopes: ['risk:read'] });
    expect(await problem(await world.post('/v1/calendars/import', holidays, {}, key))).toEqual({
      ...{ status: 403, code: 'GTW_SCOPE_MISSING' },
    });
    const local = await world.newKey({ name: 'street', scopes: ['calendars:write'], areas: ['330106'] });
    for (const path of ['/v1/calendars/import', '/v1/calendars/import?dryRun=true'])
      expect(await problem(await world.post(path, holidays, {}, local.key))).toEqual({
        ...{ status: 403, code: 'GTW_AREA_LIMITED' },
      });
    expect(await problem(await world.post('/v1/calendars/import?calendar=Street', holidays))).toEqual({
      ...{ status: 400, code: 'QUERY_INVALID' },
    });
  });
});

describe('POST /v1/deadlines/preview', () => {
  const order = { basis: 'working', amount: 15, unit: 'days', from: '2026-09-25T16:40:00+08:00' };

  it('is answered by a service, for any key', async () => {
    const { key } = await world.newKey({ name: 'reader', scopes: ['risk:read'], areas: ['330106'] });
    world.risk.says('/internal/deadlines/preview', 200, preview);
    const response = await world.post('/v1/deadlines/preview', order, {}, key);
    expect([response.status, await response.json()]).toEqual([200, preview]);
    expect(world.risk.principals.at(-1)?.name).toBe('reader');
  });

  it('passes on what the service refuses', async () => {
    world.risk.says('/internal/deadlines/preview', 404, {
      ...{ type: '-', title: 'Not Found', status: 404, code: 'CAL_NOT_FOUND', detail: 'no' },
    });
    expect(await problem(await world.post('/v1/deadlines/preview', { ...order, calendar: 'x' }))).toEqual({
      ...{ status: 404, code: 'CAL_NOT_FOUND' },
    });
  });

  it.each([
    [{ amount: 0 }, '/amount'],
    [{ unit: 'weeks' }, '/unit'],
    [{ basis: 'calendar', unit: 'hours' }, '/unit'],
    [{ from: '2026-09-25T16:40:00' }, '/from'],
    [
      { suspensions: [{ from: '2026-10-09T09:00:00Z', to: '2026-10-09T09:00:00Z', reason: 'r' }] },
      '/suspensions/0/to',
    ],
  ])('refuses %j', async (over, pointer) => {
    const response = await world.post('/v1/deadlines/preview', { ...order, ...over });
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({ code: 'BODY_INVALID', errors: [{ pointer }] });
  });
});

describe('GET /v1/calendars', () => {
  const view = {
    ...{ calendar: 'default', calendarVersion: VERSION, publishedYears: [2026] },
    hours: { windows: [['09:00', '12:00']], seasons: [], always: false, source: null },
    ...{ sources: [], importedAt: '2026-11-24T00:00:00.000Z', importedBy: 'linli' },
  };

  it('lists those of the services, and which service has another version', async () => {
    world.risk.says('/internal/calendars', 200, { items: [view] });
    const response = await world.ask('/v1/calendars');
    expect(await response.json()).toEqual({ items: [{ ...view, differs: [] }] });
  });

  it('shows days of one, and knows what is none', async () => {
    const days = { calendar: 'default', calendarVersion: VERSION, provisionalYears: [], items: [] };
    world.risk.says('/internal/calendars/default/days', 200, days);
    const range = 'from=2026-09-20&to=2026-10-12';
    const response = await world.ask(`/v1/calendars/default/days?${range}`);
    expect([response.status, await response.json()]).toEqual([200, days]);
    expect(world.risk.asked.at(-1)).toBe(`/internal/calendars/default/days?${range}`);
    expect(await problem(await world.ask(`/v1/calendars/No%2F..%2FSuch/days?${range}`))).toEqual({
      ...{ status: 404, code: 'CAL_NOT_FOUND' },
    });
    for (const wrong of ['', '?from=2026-09-20', '?from=2026-09-20&to=tomorrow'])
      expect(await problem(await world.ask(`/v1/calendars/default/days${wrong}`))).toEqual({
        ...{ status: 400, code: 'QUERY_INVALID' },
      });
  });
});

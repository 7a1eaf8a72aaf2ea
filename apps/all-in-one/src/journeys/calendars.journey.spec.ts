import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { CalendarDays, CalendarImported, CalendarPage, DeadlinePreview } from '@linli/contracts';
import { Client } from './client.js';
import { modes, startSystem, type System } from './system.js';

const notice = 'https://www.gov.cn/zhengce/zhengceku/202611/content_2027.htm';
const dayOf = (date: string, isOffDay: boolean) => ({ name: '元旦', date, isOffDay });
/** As the State Council could publish it: 1 to 3 January off, Monday 4 January made up on Saturday 9. */
const year2027 = {
  $schema: 'https://raw.githubusercontent.com/NateScarlet/holiday-cn/master/schema.json',
  $id: 'https://raw.githubusercontent.com/NateScarlet/holiday-cn/master/2027.json',
  ...{ year: 2027, papers: [notice] },
  days: [
    ...['2027-01-01', '2027-01-02', '2027-01-03', '2027-01-04'].map((date) => dayOf(date, true)),
    dayOf('2027-01-09', false),
  ],
};
const overNewYear = { basis: 'working', amount: 5, unit: 'days', from: '2026-12-30T10:00:00+08:00' };

describe.each(modes)('working calendars, %s', (mode) => {
  let system: System | null;
  let client: Client;
  let other: Client;

  const aTenant = async (bootstrap: Client): Promise<Client> => {
    const made = await bootstrap.post<{ key: string }>('/v1/api-keys', {
      ...{ name: 'administrator', tenant: `t-${randomUUID()}`, scopes: ['calendars:write', 'risk:read'] },
    });
    expect(made.status).toBe(201);
    return new Client(bootstrap.url, made.body.key);
  };
  beforeAll(async () => {
    system = await startSystem(mode);
    if (system) [client, other] = [await aTenant(system.client), await aTenant(system.client)];
  }, 120_000);
  afterAll(() => system?.stop());

  const test = (name: string, body: () => Promise<void>): void =>
    it(name, async () => {
      if (system) await body();
    });

  const preview = async (over: object = {}, as = client): Promise<DeadlinePreview> => {
    const answer = await as.post<DeadlinePreview>('/v1/deadlines/preview', { ...overNewYear, ...over });
    expect(answer.status).toBe(200);
    return answer.body;
  };
  const countedSeconds = ({ intervals }: DeadlinePreview): number =>
    intervals.filter(({ kind }) => kind === 'counted').reduce((sum, { seconds }) => sum + seconds, 0);

  test('anybody may ask when a deadline would be due, and is told every interval on the way', async () => {
    const answer = await preview({
      ...{ amount: 15, from: '2026-09-25T16:40:00+08:00', calendar: 'default', roll: true },
      suspensions: [
        { from: '2026-10-09T09:00:00+08:00', to: '2026-10-12T12:00:00+08:00', reason: 'appraisal' },
      ],
    });
    expect(answer.due).toBe('2026-10-27T10:00:00.000Z');
    expect(countedSeconds(answer)).toBe(15 * 7 * 3600);
    const { body } = await client.get<CalendarDays>(
      '/v1/calendars/default/days?from=2026-09-20&to=2026-10-12',
    );
    expect(body.items).toHaveLength(23);
    expect(body.items.find(({ date }) => date === '2026-10-10')).toEqual({
      ...{ date: '2026-10-10', working: true, reason: 'make-up day' },
      windows: [
        ['09:00', '12:00'],
        ['14:00', '18:00'],
      ],
      source: 'https://www.gov.cn/zhengce/zhengceku/202511/content_7047091.htm',
    });
    expect(body.calendarVersion).toBe(answer.calendarVersion);
  });

  test('a dry run says what an import would change, and changes nothing', async () => {
    const before = await preview();
    expect(before).toMatchObject({ due: '2027-01-06T10:00:00.000Z', provisional: true });
    const dry = await client.post<CalendarImported>('/v1/calendars/import?dryRun=true', year2027);
    expect(dry).toMatchObject({
      status: 200,
      body: {
        ...{ calendar: 'default', dryRun: true, changed: true, moving: 0, deadlines: [] },
        previousVersion: before.calendarVersion,
      },
    });
    expect(dry.body.difference.days.map(({ date, after }) => [date, after.reason])).toEqual([
      ...['2027-01-01', '2027-01-02', '2027-01-03', '2027-01-04'].map((date) => [date, '元旦']),
      ['2027-01-09', 'make-up day (元旦)'],
    ]);
    expect(await preview()).toEqual(before);
    const { body } = await client.get<CalendarPage>('/v1/calendars');
    expect(body.items).toMatchObject([{ calendar: 'default', importedBy: 'linli', differs: [] }]);
  });

  test('an import over HTTP moves what preview answers, once, for that tenant', async () => {
    const [before, elsewhere] = [await preview(), await preview({}, other)];
    const key = { 'idempotency-key': randomUUID() };
    const done = await client.post<CalendarImported>('/v1/calendars/import', year2027, key);
    expect(done).toMatchObject({ status: 200, body: { dryRun: false, changed: true } });
    expect(done.headers.get('etag')).toBe('"1"');
    const after = await preview();
    expect(after).toMatchObject({ due: '2027-01-08T10:00:00.000Z', provisional: false });
    expect(after.calendarVersion).toBe(done.body.calendarVersion);
    expect(done.body.previousVersion).toBe(before.calendarVersion);
    expect(await preview({}, other)).toEqual(elsewhere);
    const again = await client.post<CalendarImported>('/v1/calendars/import', year2027, key);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(again.body).toEqual(done.body);
    const { body } = await client.get<CalendarPage>('/v1/calendars');
    expect(body.items).toMatchObject([
      { publishedYears: [2025, 2026, 2027], sources: [notice], calendarVersion: after.calendarVersion },
    ]);
  });

  test('a unit may have hours of its own, and is found by its name', async () => {
    const hours = { hours: { always: true, source: '24-hour duty, street order 7' } };
    expect((await client.post('/v1/deadlines/preview', { ...overNewYear, calendar: 'duty' })).status).toBe(
      404,
    );
    const made = await client.post('/v1/calendars/import?calendar=duty', hours, { prefer: 'wait=10' });
    expect(made.status).toBe(200);
    expect((await preview({ calendar: 'duty' })).due).toBe('2027-01-04T16:00:00.000Z');
    expect((await preview()).due).toBe('2027-01-08T10:00:00.000Z');
  });

  test('what is wrong is said with a code, and the page of metrics says how many lack a year', async () => {
    const code = async (method: string, path: string, body?: unknown) => {
      const answer = await client.call(method, path, { body });
      return [answer.status, answer.body['code']];
    };
    const days = (name: string, range: string) => code('GET', `/v1/calendars/${name}/days?${range}`);
    expect(await days('nowhere', 'from=2026-10-01&to=2026-10-02')).toEqual([404, 'CAL_NOT_FOUND']);
    expect(await days('default', 'from=2026-10-02&to=2026-10-01')).toEqual([422, 'CAL_RANGE_INVALID']);
    const emptied = { year: 2026, papers: [], days: [] };
    expect(await code('POST', '/v1/calendars/import', emptied)).toEqual([422, 'CAL_YEAR_EMPTY']);
    expect(await code('POST', '/v1/calendars/import?dryRun=true', emptied)).toEqual([422, 'CAL_YEAR_EMPTY']);
    const { body } = await client.get<string>('/metrics');
    expect(body).toMatch(/linli_calendars_lacking\{service="risk",year="next"\} \d/u);
  });
});

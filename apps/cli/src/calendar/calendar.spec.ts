import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CalendarDays, CalendarImported, CalendarPage } from '@linli/contracts';
import { Api } from '../client/api.js';
import { examineCalendars } from '../doctor/calendars.js';
import { FakeLinli } from '../testing/fake-linli.js';
import { runOn } from '../testing/run-on.js';

const VERSION = 'a1b2c3d4e5f6'.padEnd(64, '0');
const folder = mkdtempSync(join(tmpdir(), 'linli-calendar-'));
const fileWith = (name: string, content: unknown): string => {
  const path = join(folder, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
};

let system: FakeLinli;
beforeAll(async () => {
  system = await new FakeLinli().start();
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await system.stop();
});
beforeEach(() => {
  system.ops.clear();
  system.bodies.length = 0;
});

const run = (...argv: string[]) => runOn(system, 'calendar', ...argv);

const verdict = (reason: string, working: boolean) => ({ reason, working, source: null });
const imported = (over: Partial<CalendarImported> = {}): CalendarImported => ({
  ...{ calendar: 'default', previousVersion: 'p', calendarVersion: VERSION, dryRun: false, changed: true },
  difference: {
    days: [{ date: '2027-01-01', before: verdict('working day', true), after: verdict('元旦', false) }],
    hours: null,
  },
  calendars: [{ calendar: 'default', previousVersion: 'p', calendarVersion: VERSION }],
  moving: 2,
  deadlines: [
    {
      ...{ id: 'd-1', aggregateId: 'a-1', clock: 'K_HANDLE' },
      ...{ from: '2027-01-01T16:00:00.000Z', to: '2027-01-04T16:00:00.000Z' },
    },
  ],
  ...over,
});
const year = {
  year: 2027,
  papers: ['a notice'],
  days: [{ name: '元旦', date: '2027-01-01', isOffDay: true }],
};
const item = (over: Partial<CalendarPage['items'][number]> = {}): CalendarPage['items'][number] => ({
  ...{ calendar: 'default', calendarVersion: VERSION, publishedYears: [2025, 2026], sources: ['a notice'] },
  hours: {
    windows: [
      ['09:00', '12:00'],
      ['14:00', '18:00'],
    ],
    seasons: [],
    always: false,
    source: null,
  },
  ...{ importedAt: '2026-11-24T00:00:00.000Z', importedBy: 'linli', differs: [], ...over },
});

describe('linli calendar import', () => {
  const route = 'POST /v1/calendars/import';

  it('sends the file, and shows which days and deadlines changed', async () => {
    const file = fileWith('2027.json', { $schema: 's', $id: 'i', ...year });
    system.ops.set(route, [imported()]);
    const { code, out } = await run('import', file);
    expect(code).toBe(0);
    expect(out).toEqual([
      `✓ ${file}: default changed: 1 day, 1 calendar, 2 deadlines moved (a1b2c3d4e5f6)`,
      '    2027-01-01  working day → 元旦',
      '    K_HANDLE of a-1 (d-1)  2027-01-01T16:00:00.000Z → 2027-01-04T16:00:00.000Z',
      '    and 1 more',
    ]);
    expect(system.bodies).toMatchObject([{ path: `${route}?calendar=default`, body: year }]);
  });

  it('asks only what would change with --dry-run, for the unit that is named, file by file', async () => {
    const [one, two] = [fileWith('2026.json', { ...year, year: 2026 }), fileWith('2027.json', year)];
    system.ops.set(route, [imported({ dryRun: true }), imported({ dryRun: true, changed: false })]);
    const { code, out, progress } = await run('import', one, two, '--dry-run', '--calendar', 'street-9');
    expect(code).toBe(0);
    expect(out[0]).toContain('would change: 1 day, 1 calendar, 2 deadlines would move');
    expect(out[4]).toBe(`· ${two}: default says all that already (a1b2c3d4e5f6)`);
    expect(progress).toContain(`2 of 2: ${two}`);
    expect(system.bodies.map(({ path }) => path)).toEqual(
      Array.from({ length: 2 }, () => `${route}?calendar=street-9&dryRun=true`),
    );
  });

  it('prints JSON, an object a file', async () => {
    const file = fileWith('hours.json', { hours: { always: true } });
    system.ops.set(route, [imported()]);
    const { out } = await run('import', file, '--json');
    expect(JSON.parse(out[0] ?? '')).toEqual({ file, ...imported() });
  });

  it('sends nothing when one of the files is no calendar', async () => {
    const good = fileWith('2027.json', year);
    for (const bad of [
      fileWith('a.json', '{'),
      fileWith('b.json', { ...year, days: [...year.days, ...year.days] }),
      join(folder, 'none.json'),
    ]) {
      const { code, err } = await run('import', good, bad);
      expect(code).toBe(2);
      expect(err.join('\n')).toContain(bad);
    }
    expect(system.bodies).toEqual([]);
  });

  it('fails when the system refuses', async () => {
    const { code, err } = await run('import', fileWith('2027.json', year));
    expect(code).toBe(1);
    expect(err.join('\n')).toContain('OPS_NOT_FOUND');
  });
});

describe('linli calendar show', () => {
  it('lists calendars, and fails when a service has another version', async () => {
    const duty = item({ calendar: 'duty', hours: { ...item().hours, always: true }, publishedYears: [] });
    system.ops.set('GET /v1/calendars', [{ items: [item(), { ...duty, differs: ['petitions'] }] }]);
    const { code, out } = await run('show');
    expect(code).toBe(1);
    expect(out).toEqual([
      'calendar  version       years      hours                    imported    by     differs in',
      'default   a1b2c3d4e5f6  2025 2026  09:00-12:00 14:00-18:00  2026-11-24  linli  -',
      'duty      a1b2c3d4e5f6             24x7                     2026-11-24  linli  petitions',
    ]);
  });

  it('shows one with its seasons and documents, and fails for one that there is not', async () => {
    const seasons = [{ from: '06-01', to: '09-30', windows: [['08:00', '11:00']] as [string, string][] }];
    const hours = { ...item().hours, seasons, source: 'order 7' };
    system.ops.set('GET /v1/calendars', [{ items: [item({ hours })] }]);
    const { code, out } = await run('show', 'default');
    expect(code).toBe(0);
    expect(out.slice(2)).toEqual(['  06-01 to 09-30  08:00-11:00', '  hours: order 7', '  source: a notice']);
    expect(await run('show', 'nowhere')).toMatchObject({
      code: 1,
      err: ['linli: there is no calendar nowhere'],
    });
  });
});

describe('linli calendar days', () => {
  it('says of each day why, and of a year that nothing is published', async () => {
    const days: CalendarDays = {
      ...{ calendar: 'default', calendarVersion: VERSION, provisionalYears: [2027] },
      items: [
        {
          date: '2026-10-10',
          working: true,
          reason: 'make-up day',
          windows: [['09:00', '12:00']],
          source: 'n',
        },
        { date: '2026-10-11', working: false, reason: 'rest day', windows: [], source: null },
      ],
    };
    system.ops.set('GET /v1/calendars/default/days', [days]);
    const { code, out, err } = await run('days', '2026-10-10', '2026-10-11');
    expect(code).toBe(0);
    expect(out).toEqual(['2026-10-10  work  make-up day   09:00-12:00  n', '2026-10-11  off   rest day']);
    expect(err).toEqual(['nothing is published for 2027: its days are by the week only']);
  });
});

describe('linli doctor on calendars', () => {
  const examined = async (at: string, ...items: CalendarPage['items']) => {
    system.ops.set('GET /v1/calendars', [{ items }]);
    const findings = await examineCalendars(new Api(system.url, 'k'), new Date(at));
    return findings.map(({ state, what }) => [state, what]);
  };

  it('misses this year at once, and the next one when it must have been published', async () => {
    const gap = 'no data for 2027 in default: deadlines that reach into it are provisional';
    expect(await examined('2026-11-24T09:00:00+08:00', item())).toEqual([
      ['right', 'every calendar has data for 2026'],
      ['unknown', gap],
    ]);
    expect((await examined('2026-12-01T09:00:00+08:00', item()))[1]).toEqual(['wrong', gap]);
    expect((await examined('2027-01-01T09:00:00+08:00', item()))[0]).toEqual(['wrong', gap]);
  });

  it('finds services that disagree', async () => {
    const findings = await examined('2026-11-24T09:00:00+08:00', item({ differs: ['risk'] }));
    expect(findings[2]).toEqual(['wrong', 'default has another version in risk']);
  });
});

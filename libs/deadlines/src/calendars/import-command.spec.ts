import { beforeEach, describe, expect, it } from '@jest/globals';
import { MemoryTables, type Answer, type MemoryTransaction, type NewFact } from '@linli/bus';
import {
  CalendarImport,
  CalendarImported,
  CalendarImportedV1,
  type Command,
  type Principal,
} from '@linli/contracts';
import { versionOf, packaged } from '../calendar/content.js';
import { memoryCalendarStore } from '../store/memory-calendar-store.js';
import { WorkingCalendars } from './working-calendars.js';
import type { CalendarChange, DeadlineMove, DeadlinesOn } from './deadlines-on.js';
import { previewImport } from './import-calendar.js';
import { calendarHandlers } from './import-command.js';

const NOW = new Date('2026-11-24T01:02:03.000Z');
const ID = '0198f3a0-0000-5000-8000-000000000001';
const newYear = {
  ...{ year: 2027, papers: ['国办发明电 1'] },
  days: [{ date: '2027-01-01', name: '元旦', isOffDay: true }],
};
const who = (over: Partial<Principal> = {}): Principal => ({
  ...{
    tenant: 'yuhang',
    keyId: 'k-1',
    name: 'night shift',
    scopes: ['calendars:write'],
    areas: null,
    ...over,
  },
});
const move: DeadlineMove = {
  ...{ id: 'd-1', aggregateId: 'a-1', clock: 'K_HANDLE' },
  ...{ from: Date.parse('2027-01-01T16:00:00Z'), to: Date.parse('2027-01-04T16:00:00Z') },
};
const moved = { ...move, from: '2027-01-01T16:00:00.000Z', to: '2027-01-04T16:00:00.000Z' };

/** Says what it was asked; moves one deadline a change. */
class Holder implements DeadlinesOn<MemoryTransaction> {
  readonly asked: [string, CalendarChange][] = [];

  async moving(_tx: MemoryTransaction, change: CalendarChange) {
    this.asked.push(['moving', change]);
    return [move];
  }

  async move(_handling: unknown, change: CalendarChange) {
    this.asked.push(['move', change]);
    return [move];
  }
}

let tables: MemoryTables;
let calendars: WorkingCalendars<MemoryTransaction>;
let facts: NewFact[];
beforeEach(() => {
  tables = new MemoryTables();
  calendars = new WorkingCalendars(memoryCalendarStore);
  facts = [];
});

const send = (data: unknown, principal = who()): Promise<Answer> =>
  tables.transaction(async (tx) => {
    const handle = calendarHandlers('risk', calendars).get('calendar.import')?.handle;
    if (!handle) throw new Error('nobody handles it');
    const command = { tenant: principal.tenant, aggregateId: ID, principal, data } as Command;
    return handle(command, {
      ...{ tx, now: NOW, appendedAt: NOW, send: () => undefined },
      ...{ beforeCommit: () => undefined, afterCommit: () => undefined },
      tell: (fact) => void facts.push(fact),
    });
  });
const bring = async (content: object, calendar = 'default') => {
  const answer = await send({ calendar, content });
  if ('refusal' in answer) throw new Error(answer.refusal.code);
  return { imported: CalendarImported.parse(answer.resource), version: answer.version };
};
const reason = async (date: number, unit = 'default', tenant = 'yuhang') =>
  (await tables.transaction((tx) => calendars.of(tx, tenant, unit))).day(date).reason;
/** 2027-01-01. */
const NEW_YEAR = Date.UTC(2027, 0, 1) / 86_400_000;

describe('the command calendar.import', () => {
  it('says from then on what was imported, to that tenant, and keeps who said so', async () => {
    expect(await reason(NEW_YEAR)).toBe('working day');
    const { imported, version } = await bring(newYear);
    expect(version).toBe(1);
    expect(imported).toMatchObject({
      ...{ calendar: 'default', dryRun: false, changed: true, previousVersion: versionOf(packaged) },
      difference: { days: [{ date: '2027-01-01', after: { reason: '元旦' } }], hours: null },
      ...{ moving: 0, deadlines: [] },
    });
    expect(await reason(NEW_YEAR)).toBe('元旦');
    expect(await reason(NEW_YEAR, 'default', 'xihu')).toBe('working day');
    expect(await tables.transaction((tx) => calendars.list(tx, 'yuhang'))).toMatchObject([
      {
        ...{ calendar: 'default', calendarVersion: imported.calendarVersion },
        ...{ publishedYears: [2025, 2026, 2027], sources: ['国办发明电 1'] },
        ...{ importedAt: NOW.toISOString(), importedBy: 'night shift (k-1)' },
      },
    ]);
  });

  it('leaves the version before to those who were reckoned by it', async () => {
    const { imported } = await bring(newYear);
    const before = await tables.transaction((tx) => calendars.version(tx, imported.previousVersion));
    expect(before?.day(NEW_YEAR).reason).toBe('working day');
    expect(await tables.transaction((tx) => calendars.version(tx, 'no version'))).toBeNull();
  });

  it('has the deadlines moved by whoever registered that it holds some, and tells the audit', async () => {
    const holder = new Holder();
    calendars.register(holder);
    await bring({ hours: { always: true } }, 'duty');
    const { imported } = await bring(newYear);
    expect(imported).toMatchObject({ moving: 2, deadlines: [moved, moved] });
    expect(imported.calendars.map(({ calendar }) => calendar)).toEqual(['default', 'duty']);
    const [, change] = holder.asked[1] ?? [];
    expect(holder.asked.map(([what, { calendar }]) => `${what} ${calendar}`)).toEqual([
      ...['move duty', 'move default', 'move duty'],
    ]);
    expect(change?.units).toEqual(['duty']);
    expect([change?.from.day(NEW_YEAR).working, change?.to.day(NEW_YEAR).working]).toEqual([true, false]);
    const told = facts.at(-1);
    expect(told).toMatchObject({
      ...{ topic: 'linli.risk.operations.v1', type: 'linli.risk.calendar-imported.v1', aggregateVersion: 2 },
    });
    expect(CalendarImportedV1.data.parse(told?.data)).toMatchObject({
      ...{ calendar: 'default', year: 2027, hours: false, importedBy: 'night shift', moved: 2 },
    });
  });

  it('does nothing when all of it was said already', async () => {
    await bring(newYear);
    const holder = new Holder();
    calendars.register(holder);
    const { imported, version } = await bring(newYear);
    expect(imported).toMatchObject({ changed: false, calendars: [], difference: { days: [], hours: null } });
    expect([version, holder.asked, facts.length]).toEqual([1, [], 1]);
  });

  it('refuses to take published data away', async () => {
    const answer = await send({ calendar: 'default', content: { year: 2026, papers: [], days: [] } });
    expect(answer).toMatchObject({ refusal: { code: 'CAL_YEAR_EMPTY', kind: 'invalid' } });
    expect(await bring({ year: 2027, papers: [], days: [] })).toMatchObject({ imported: { changed: false } });
  });

  it('is for keys with the scope, for all areas, and for data that fit', async () => {
    const good = { calendar: 'default', content: newYear };
    for (const principal of [who({ scopes: ['ops'] }), who({ areas: ['330110'] })])
      expect(await send(good, principal)).toMatchObject({
        refusal: { code: 'CAL_FORBIDDEN', kind: 'forbidden' },
      });
    expect(await send({ ...good, content: {} })).toMatchObject({ refusal: { code: 'BODY_INVALID' } });
    expect(await reason(NEW_YEAR)).toBe('working day');
  });
});

describe('a dry run of an import', () => {
  it('answers the difference and the deadlines that would move, and changes nothing', async () => {
    const holder = new Holder();
    calendars.register(holder);
    const order = { tenant: 'yuhang', calendar: 'default', content: CalendarImport.parse(newYear) };
    const answer = await tables.transaction((tx) => previewImport(calendars, tx, order));
    expect(answer).toMatchObject({
      ...{ dryRun: true, changed: true, moving: 1, deadlines: [moved] },
      difference: { days: [{ date: '2027-01-01' }] },
    });
    expect(holder.asked.map(([what]) => what)).toEqual(['moving']);
    expect(await reason(NEW_YEAR)).toBe('working day');
    expect(await tables.transaction((tx) => calendars.store.standing(tx, 'yuhang'))).toEqual([]);
  });
});

describe('a calendar by name', () => {
  it('is there or not; a unit without one is reckoned by the default', async () => {
    const named = (name: string) => tables.transaction((tx) => calendars.named(tx, 'yuhang', name));
    expect(await named('street-9')).toBeNull();
    expect((await named('default'))?.version).toBe(versionOf(packaged));
    await bring({ hours: { windows: [['08:00', '16:00']], source: 'street order 7' } }, 'street-9');
    expect((await named('street-9'))?.day(NEW_YEAR).windows).toEqual([['08:00', '16:00']]);
    expect(await tables.transaction((tx) => calendars.of(tx, 'yuhang', 'street-8'))).toMatchObject({
      version: versionOf(packaged),
    });
    expect(await tables.transaction((tx) => calendars.list(tx, 'yuhang'))).toMatchObject([
      { calendar: 'default', importedBy: 'linli' },
      { calendar: 'street-9', sources: ['street order 7'] },
    ]);
  });
});

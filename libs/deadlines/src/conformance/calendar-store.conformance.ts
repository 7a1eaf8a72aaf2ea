import { beforeEach, describe, expect, it } from '@jest/globals';
import { OfficeHours } from '@linli/contracts';
import { packaged, standingOn, versionOf, type CalendarContent } from '../calendar/content.js';
import { EVERYBODY, type CalendarStore, type NewCalendar } from '../store/calendar-store.js';

const AT = new Date('2026-11-24T01:02:03.456Z');
const year2027 = {
  ...{ year: 2027, papers: ['国办发明电 1'] },
  days: [{ date: '2027-01-01', name: '元旦', isOffDay: true }],
};
const published: CalendarContent = standingOn(packaged, { hours: null, years: [year2027] });
const always: CalendarContent = { ...packaged, hours: OfficeHours.parse({ always: true }) };

/** What every store of calendars promises. Tenants are new with every test. */
export const calendarStoreConformance = <Tx>(
  name: string,
  open: () => {
    readonly store: CalendarStore<Tx>;
    inside<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  },
): void => {
  describe(`calendars on ${name}`, () => {
    let opened: ReturnType<typeof open>;
    let tenant: string;
    let tenants = 0;
    beforeEach(() => {
      opened = open();
      tenants += 1;
      tenant = `tenant-${tenants}`;
    });
    const on = <T>(work: (store: CalendarStore<Tx>, tx: Tx) => Promise<T>): Promise<T> =>
      opened.inside((tx) => work(opened.store, tx));
    const aCalendar = (over: Partial<NewCalendar> = {}): NewCalendar => ({
      ...{ tenant, calendar: 'default', n: 1, own: { hours: null, years: [year2027] }, content: published },
      ...{ sources: ['国办发明电 1'], importedAt: AT, importedBy: 'night shift (k-1)', ...over },
    });

    it('begin with everybody’s, which is that of the release', async () => {
      const counting = (await on((store, tx) => store.counting(tx, tenant, ['street-9']))).get('street-9');
      expect(counting).toEqual({ calendar: 'default', version: versionOf(packaged) });
      expect(await on((store, tx) => store.content(tx, counting?.version ?? ''))).toEqual(packaged);
      expect(await on((store, tx) => store.standing(tx, EVERYBODY))).toMatchObject([
        { calendar: 'default', n: 0, importedBy: 'linli', own: packaged },
      ]);
      expect(await on((store, tx) => store.standing(tx, tenant))).toEqual([]);
    });

    it('count by name, then the default, each as it was said last', async () => {
      await on((store, tx) => store.add(tx, [aCalendar()]));
      await on((store, tx) =>
        store.add(tx, [
          aCalendar({ n: 2, calendar: 'street-9', content: always }),
          aCalendar({ n: 2, content: always }),
        ]),
      );
      await on((store, tx) => store.add(tx, [aCalendar({ n: 3 })]));
      const counting = (of: string, ...units: string[]) =>
        on(async (store, tx) => Object.fromEntries(await store.counting(tx, of, units)));
      expect(await counting(tenant, 'default', 'street-9', 'street-8')).toEqual({
        default: { calendar: 'default', version: versionOf(published) },
        'street-9': { calendar: 'street-9', version: versionOf(always) },
        'street-8': { calendar: 'default', version: versionOf(published) },
      });
      expect(await counting('nobody', 'street-9')).toMatchObject({
        'street-9': { version: versionOf(packaged) },
      });
      expect(await counting(tenant)).toEqual({});
    });

    it('stand with who imported them, when, and from what', async () => {
      const unit = aCalendar({
        calendar: 'street-9',
        content: always,
        own: { hours: always.hours, years: [] },
      });
      await on((store, tx) => store.add(tx, [unit, aCalendar()]));
      const { content: _, ...known } = aCalendar({ n: 2 });
      await on((store, tx) => store.add(tx, [aCalendar({ n: 2 })]));
      const { content: __, ...street } = unit;
      expect(await on((store, tx) => store.standing(tx, tenant))).toEqual([
        { ...known, version: versionOf(published) },
        { ...street, version: versionOf(always) },
      ]);
    });

    it('keep every version', async () => {
      await on((store, tx) => store.add(tx, [aCalendar()]));
      await on((store, tx) => store.add(tx, [aCalendar({ n: 2, content: packaged })]));
      expect(await on((store, tx) => store.content(tx, versionOf(published)))).toEqual(published);
      expect(await on((store, tx) => store.content(tx, 'no version'))).toBeNull();
    });

    it('lack a year when nothing is published for it; one that is always open lacks none', async () => {
      const lacking = (year: number) => on((store, tx) => store.lacking(tx, year));
      await on((store, tx) => store.add(tx, [aCalendar({ tenant: `${tenant}-neighbour` })]));
      const [before, before2030] = [await lacking(2027), await lacking(2030)];
      await on((store, tx) =>
        store.add(tx, [
          aCalendar(),
          aCalendar({ calendar: 'duty', content: always }),
          aCalendar({ calendar: 'street-9', content: packaged }),
        ]),
      );
      expect(await lacking(2027)).toBe(before + 1);
      expect(await lacking(2030)).toBe(before2030 + 2);
      await on((store, tx) => store.add(tx, [aCalendar({ n: 2, calendar: 'street-9' })]));
      expect(await lacking(2027)).toBe(before);
    });
  });
};

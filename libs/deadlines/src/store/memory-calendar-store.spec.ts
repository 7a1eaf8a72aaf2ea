import { describe, expect, it } from '@jest/globals';
import { MemoryTables } from '@linli/bus';
import { calendarStoreConformance } from '../conformance/calendar-store.conformance.js';
import { memoryCalendarStore } from './memory-calendar-store.js';
import { seed } from './seed.js';

const tables = new MemoryTables();
calendarStoreConformance('memory', () => ({
  store: memoryCalendarStore,
  inside: (work) => tables.transaction(work),
}));

describe('the calendar of everybody', () => {
  it('lacks a year until a tenant has a default of its own', async () => {
    const fresh = new MemoryTables();
    const lacking = () => fresh.transaction((tx) => memoryCalendarStore.lacking(tx, 2027));
    expect(await lacking()).toBe(1);
    const unit = { ...seed, tenant: 'yuhang', calendar: 'street-9', n: 1 };
    await fresh.transaction((tx) => memoryCalendarStore.add(tx, [unit]));
    expect(await lacking()).toBe(2);
    const day = { date: '2027-01-01', name: '元旦', isOffDay: true };
    const published = { ...seed.content, years: [{ year: 2027, papers: [], days: [day] }] };
    const own = { ...unit, calendar: 'default', n: 2, content: published };
    await fresh.transaction((tx) => memoryCalendarStore.add(tx, [own]));
    expect(await lacking()).toBe(1);
  });
});

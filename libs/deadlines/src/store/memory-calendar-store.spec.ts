import { MemoryTables } from '@linli/bus';
import { calendarStoreConformance } from '../conformance/calendar-store.conformance.js';
import { memoryCalendarStore } from './memory-calendar-store.js';

const tables = new MemoryTables();
calendarStoreConformance('memory', () => ({
  store: memoryCalendarStore,
  inside: (work) => tables.transaction(work),
}));

import { MemoryTables } from '@linli/bus';
import { deadlineStoreConformance } from '../../conformance/deadline-store.conformance.js';
import { memoryDeadlineStore } from './memory-deadlines.js';

const clock = { now: () => new Date('2026-11-24T04:00:00Z') };

deadlineStoreConformance('memory', async () => ({
  store: memoryDeadlineStore(new MemoryTables(), clock),
  clock,
}));

import { MemoryTables } from '@linli/bus';
import { deadlineStoreConformance } from '../../conformance/deadline-store.conformance.js';
import { slaReadsConformance } from '../../conformance/sla-reads.conformance.js';
import { memoryDeadlineStore } from './memory-deadlines.js';

const clock = { now: () => new Date('2026-11-24T04:00:00Z') };

const emptied = async () => ({ store: memoryDeadlineStore(new MemoryTables(), clock), clock });

deadlineStoreConformance('memory', emptied);
slaReadsConformance('memory', emptied);

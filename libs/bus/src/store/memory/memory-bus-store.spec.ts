import { busStoreConformance } from '../../conformance/bus-store.conformance.js';
import { memoryBusStore } from './memory-bus-store.js';

busStoreConformance('memory', () => memoryBusStore());

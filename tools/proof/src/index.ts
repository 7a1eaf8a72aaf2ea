export { counted, type Counts } from './counts.js';
export type { Direction, Fault, ProxyCounts } from './proxy/fault.js';
export { FaultProxy, type FaultProxyOptions } from './proxy/fault-proxy.js';
export { startProxiedKafka, type ProxiedKafka } from './proxy/proxied-kafka.js';
export type { Suite } from './suite.js';
export { suites } from './suites/all.js';

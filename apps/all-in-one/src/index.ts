export { kafkaAccessOf } from './log-of.js';
export { schemas, serviceNames, startLinli, type Linli } from './start-linli.js';
export type { PlatformOptions } from './platform.js';

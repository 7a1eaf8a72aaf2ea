export { serviceNames, startLinli, type Linli } from './start-linli.js';
export type { PlatformOptions } from './platform.js';

export { embeddedDatabase, freshDatabase, type FreshDatabase } from './databases.js';
export { eventually, type Patience } from './eventually.js';
export {
  BOOTSTRAP_KEY,
  imageFlags,
  linliEnvironment,
  startFlags,
  startLinliProgram,
  type LinliProgram,
} from './linli-program.js';
export { NotReady, startProgram, type Program } from './program.js';
export { temporaryDir, type TemporaryDir } from './temporary-dir.js';
export type { TestStack } from './stack-urls.js';
export { findStack, unlessUnavailable } from './test-stack.js';

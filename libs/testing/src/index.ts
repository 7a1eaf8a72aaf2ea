export { embeddedDatabase, freshDatabase, type FreshDatabase } from './databases.js';
export { eventually, type Patience } from './eventually.js';
export { temporaryDir, type TemporaryDir } from './temporary-dir.js';
export { findStack, type TestStack } from './test-stack.js';

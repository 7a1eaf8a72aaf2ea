export * from './arrays.js';
export { Conditions } from './conditions.js';
export * from './transaction.js';
export * from './database.js';
export { classify, type FailureClass } from './classify.js';
export { StoreFault } from './fault.js';
export { openDatabase, type DatabaseOptions } from './open-database.js';
export { openToReaders, rowLevelSecurity, type ScopeColumns } from './row-level-security.js';
export {
  startPostgres,
  superuserUrl,
  type EmbeddedPostgres,
  type PostgresOptions,
} from './embedded/postgres.js';
export { freePort } from './embedded/free-port.js';
export { endProcess, hasEnded, spawnService, type Service } from './embedded/process.js';

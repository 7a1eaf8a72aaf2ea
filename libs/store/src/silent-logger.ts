import type { Logger } from 'typeorm';

/** TypeORM prints on the console of its own accord; all that it has to say also comes as a rejection. */
export const silent: Logger = {
  logQuery: () => undefined,
  logQueryError: () => undefined,
  logQuerySlow: () => undefined,
  logSchemaBuild: () => undefined,
  logMigration: () => undefined,
  log: () => undefined,
};

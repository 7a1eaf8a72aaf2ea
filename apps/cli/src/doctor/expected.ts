import type { Expected } from './database.js';

/** The schemas of this release with the migrations that it knows. */
export const expectedSchemas = async (): Promise<readonly Expected[]> => {
  const { schemas } = await import('@linli/all-in-one');
  return schemas().map(({ schema, migrations }) => ({
    schema,
    migrations: migrations.map((Migration) => {
      const migration = new Migration();
      return migration.name ?? Migration.name;
    }),
  }));
};

import { openDatabase, type MigrationClass } from '@linli/store';
import { createHash, randomBytes } from 'node:crypto';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** One row: the fingerprint of the deployment's secret, and the secret itself only if nobody chose one. */
class DeploymentSecret1764000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`create table secret (
      only_row boolean primary key default true check (only_row),
      fingerprint text not null,
      generated text)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table secret');
  }
}
const migrations: readonly MigrationClass[] = [DeploymentSecret1764000000001];

const fingerprintOf = (secret: string): string =>
  createHash('sha256').update(`linli deployment ${secret}`).digest('hex').slice(0, 16);

interface Kept {
  readonly fingerprint: string;
  readonly generated: string | null;
}

const agree = (kept: Kept | undefined, chosen: string | null): string => {
  if (!kept) throw new Error('the secret of the deployment cannot be read');
  if (chosen === null && kept.generated !== null) return kept.generated;
  if (chosen !== null && fingerprintOf(chosen) === kept.fingerprint) return chosen;
  throw new Error(
    chosen === null
      ? 'this database belongs to a deployment with a LINLI_SECRET of its own: set the same here'
      : 'this database belongs to a deployment with another LINLI_SECRET: keys and sealed texts would be unreadable',
  );
};

/**
 * The master secret of all processes on one database: the chosen one, checked to be the same everywhere, or else one
 * that the first process makes and the database keeps.
 */
export const deploymentSecret = async (
  url: string,
  chosen: string | null,
  allowUnsafe: boolean,
): Promise<{ readonly secret: string; readonly generated: boolean }> => {
  const database = await openDatabase({ url, schema: 'deployment', migrations, allowUnsafe });
  try {
    const mine = chosen ?? randomBytes(32).toString('base64url');
    const connection = database.connection('http');
    await connection.execute(
      'insert into secret (fingerprint, generated) values ($1, $2) on conflict do nothing',
      [fingerprintOf(mine), chosen === null ? mine : null],
    );
    const [kept] = await connection.query<Kept>('select fingerprint, generated from secret');
    return { secret: agree(kept, chosen), generated: chosen === null };
  } finally {
    await database.close();
  }
};

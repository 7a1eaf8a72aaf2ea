import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import type { TopicSpec } from '@linli/contracts';
import { openDatabase, startPostgres, type Database, type EmbeddedPostgres } from '@linli/store';
import { temporaryDir } from '@linli/testing';
import { verifyChain } from '../../journal/chain.js';
import { openTopic, stampEverything, tell } from '../../journal/workbench.js';
import { busMigrations } from './migrations.js';
import { postgresBusStore } from './postgres-bus-store.js';

const TOPIC: TopicSpec = { name: 'test.restored.v1', partitions: 1, holds: 'facts' };

describe('a database that was recovered onto another timeline', () => {
  const folder = temporaryDir('origin');
  const dir = join(folder.path, 'postgres');
  let server: EmbeddedPostgres;
  let database: Database;

  const open = async (): Promise<ReturnType<typeof postgresBusStore>> => {
    server = await startPostgres({ dir });
    database = await openDatabase({ url: server.url, schema: 'bus', migrations: busMigrations });
    return postgresBusStore(database);
  };
  const close = async (): Promise<void> => {
    await database.close();
    await server.stop();
  };
  afterAll(async () => {
    await close();
    folder.remove();
  });

  it('numbers on in a new epoch, once, and its chain still verifies', async () => {
    const before = await open();
    await openTopic(before, TOPIC);
    await tell(before, TOPIC, 1, 1);
    await stampEverything(before);
    await close();

    // Without hot standby nobody gets in before the recovery has ended.
    await writeFile(join(dir, 'pgdata', 'recovery.signal'), '');
    await appendFile(
      join(dir, 'pgdata', 'postgresql.auto.conf'),
      "restore_command = '/bin/false'\nhot_standby = off\n",
    );
    const after = await open();
    for (const n of [2, 3]) {
      await tell(after, TOPIC, n, n);
      await stampEverything(after);
    }
    const rows = await after.journal.after(after.reader('http'), TOPIC.name, [0], 10);
    expect(rows.map(({ seq, epoch }) => [seq, epoch])).toEqual([
      [1, 1],
      [2, 2],
      [3, 2],
    ]);
    expect((await verifyChain(after, TOPIC.name, 0)).fault).toBeNull();
  }, 60_000);
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { embeddedDatabase, freshDatabase, type FreshDatabase } from '@linli/testing';
import { deploymentSecret } from './deployment-secret.js';

const CHOSEN = 'a chosen secret of more than thirty-two characters';

describe('the secret of a deployment', () => {
  let server: Awaited<ReturnType<typeof embeddedDatabase>>;
  let database: FreshDatabase;
  const ask = (chosen: string | null) => deploymentSecret(database.url, chosen, true);

  beforeAll(async () => {
    server = await embeddedDatabase();
  });
  afterAll(() => server.stop());

  it('is made by the first of several processes that start together, and the same for all', async () => {
    database = await freshDatabase({ databaseUrl: server.url });
    const [first, second, third] = await Promise.all([ask(null), ask(null), ask(null)]);
    expect(first.secret).toHaveLength(43);
    expect(second).toEqual(first);
    expect(third).toEqual({ secret: first.secret, generated: true });
    await expect(ask(CHOSEN)).rejects.toThrow('another LINLI_SECRET');
    await database.drop();
  });

  it('that was chosen is not kept, and nobody may come with another or none', async () => {
    database = await freshDatabase({ databaseUrl: server.url });
    expect(await ask(CHOSEN)).toEqual({ secret: CHOSEN, generated: false });
    expect(await ask(CHOSEN)).toEqual({ secret: CHOSEN, generated: false });
    await expect(ask(`${CHOSEN}!`)).rejects.toThrow('another LINLI_SECRET');
    await expect(ask(null)).rejects.toThrow('set the same here');
    await database.drop();
  });
});

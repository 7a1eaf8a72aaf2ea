import { describe, expect, it } from '@jest/globals';
import { secretsFrom } from '@linli/service';
import type { StoredKey } from '../store/api-keys.js';
import { newKeyText, showKey } from './key-text.js';
import { Keyring, macOf } from './keyring.js';

const secrets = secretsFrom('a master secret of a test, 32 characters and more');
const NOW = new Date('2026-11-23T01:00:00Z');
const text = newKeyText();
const bearer = `Bearer ${showKey(text)}`;

const setUp = (over: Partial<StoredKey> = {}) => {
  const world = {
    time: 0,
    reads: 0,
    away: false,
    key: {
      id: text.id,
      tenant: 't',
      name: 'n',
      mac: macOf(secrets, text),
      scopes: ['risk:read'],
      areas: ['33'],
      createdAt: NOW,
      createdBy: 'bootstrap',
      expiresAt: null,
      revokedAt: null,
      ...over,
    } as StoredKey | null,
  };
  const find = async (): Promise<StoredKey | null> => {
    world.reads += 1;
    if (world.away) {
      throw new Error('database away');
    }
    return world.key;
  };
  const clock = { now: () => NOW };
  const parts = { secrets, clock, logger: { warn: () => undefined } };
  const keyring = new Keyring({ find }, parts, 'a bootstrap key for tests', () => world.time);
  return { world, keyring };
};

describe('a keyring', () => {
  it('reads a key once for three seconds, also for many at once', async () => {
    const { world, keyring } = setUp();
    await Promise.all([keyring.principalOf(bearer), keyring.principalOf(bearer)]);
    world.time = 2999;
    await keyring.principalOf(bearer);
    expect(world.reads).toBe(1);
    world.time = 3000;
    await keyring.principalOf(bearer);
    expect(world.reads).toBe(2);
  });

  it('knows of a revocation elsewhere within five seconds', async () => {
    const { world, keyring } = setUp();
    await keyring.principalOf(bearer);
    world.key = { ...(world.key as StoredKey), revokedAt: NOW };
    world.time = 4999;
    await expect(keyring.principalOf(bearer)).rejects.toThrow('GTW_KEY_INVALID');
  });

  it('goes on for a minute with what it knows while the database is away, and then refuses', async () => {
    const { world, keyring } = setUp();
    await keyring.principalOf(bearer);
    world.away = true;
    world.time = 59_000;
    expect(await keyring.principalOf(bearer)).toMatchObject({ tenant: 't' });
    world.time = 61_000;
    await expect(keyring.principalOf(bearer)).rejects.toThrow('GTW_KEYS_UNAVAILABLE');
    world.away = false;
    expect(await keyring.principalOf(bearer)).toMatchObject({ tenant: 't' });
  });

  it('does not ask a database that is away for every request', async () => {
    const { world, keyring } = setUp();
    await keyring.principalOf(bearer);
    world.away = true;
    world.time = 3000;
    for (let n = 0; n < 5; n += 1) {
      await keyring.principalOf(bearer);
    }
    expect(world.reads).toBe(2);
  });

  it('never lets in a key whose secret is another one', async () => {
    const { keyring } = setUp({ mac: macOf(secrets, { ...text, secret: newKeyText().secret }) });
    await expect(keyring.principalOf(bearer)).rejects.toThrow('GTW_KEY_INVALID');
  });

  it('refuses a key from the moment at which it expires', async () => {
    const { keyring } = setUp({ expiresAt: NOW });
    await expect(keyring.principalOf(bearer)).rejects.toThrow('GTW_KEY_EXPIRED');
    const later = setUp({ expiresAt: new Date(NOW.getTime() + 1) });
    expect(await later.keyring.principalOf(bearer)).toMatchObject({ keyId: text.id });
  });

  it('knows the bootstrap key without the database', async () => {
    const { world, keyring } = setUp();
    expect(await keyring.principalOf('bearer a bootstrap key for tests')).toMatchObject({
      tenant: 'default',
      keyId: 'bootstrap',
      areas: null,
    });
    expect(world.reads).toBe(0);
  });

  it.each([undefined, '', 'Bearer', 'Bearer ', 'Basic abc', showKey(text)])(
    'asks for a key when sent %j',
    async (header) => {
      await expect(setUp().keyring.principalOf(header)).rejects.toThrow('GTW_KEY_MISSING');
    },
  );
});

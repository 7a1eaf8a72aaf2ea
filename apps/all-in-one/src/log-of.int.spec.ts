import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { topics } from '@linli/contracts';
import { readConfig } from '@linli/service';
import { certificateIn, startKafka, type KafkaStack } from '@linli/stack';
import { freePort } from '@linli/store';
import { findStack, temporaryDir } from '@linli/testing';
import { pino } from 'pino';
import { logOf } from './log-of.js';
import { serviceNames } from './start-linli.js';

const logger = pino({ level: 'silent' });

describe('Kafka behind TLS and a login', () => {
  const folder = temporaryDir('kafka-access');
  let kafka: KafkaStack | null = null;
  let settings: Record<string, string>;

  beforeAll(async () => {
    const stack = await findStack();
    if (stack === null) return;
    await stack.stop();
    const { caFile, ...certificate } = await certificateIn(folder.path);
    const port = await freePort();
    const guard = { ...certificate, username: 'linli', password: 'door-word' };
    kafka = await startKafka({ listeners: [{ name: 'GUARDED', port, advertisedPort: port, guard }] });
    settings = {
      KAFKA_BROKERS: `127.0.0.1:${port}`,
      KAFKA_TLS: 'on',
      KAFKA_CA_FILE: caFile,
      KAFKA_SASL: 'plain',
      KAFKA_USERNAME: 'linli',
      KAFKA_PASSWORD: 'door-word',
    };
  }, 120_000);
  afterAll(async () => {
    await kafka?.stop();
    folder.remove();
  });

  const open = (changes: Record<string, string> = {}): ReturnType<typeof logOf> =>
    logOf(readConfig({ ...settings, ...changes }, serviceNames), '', false, logger);

  it('is reached with the certificate, the name and the password', async () => {
    if (!kafka) return;
    const opened = await open();
    expect(await opened.log.check(topics)).toEqual([]);
    await opened.close();
  }, 60_000);

  it.each([
    ['another password', { KAFKA_PASSWORD: 'guessed' }],
    ['no certificate to trust', { KAFKA_CA_FILE: '' }],
    ['no login', { KAFKA_SASL: '' }],
  ])(
    'is not reached with %s',
    async (_, changes) => {
      if (!kafka) return;
      await expect(open(changes)).rejects.toThrow();
    },
    60_000,
  );
});

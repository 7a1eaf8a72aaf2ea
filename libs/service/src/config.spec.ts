import { describe, expect, it } from '@jest/globals';
import { type ConfigMistakes, readConfig, settingsTable } from './config.js';

const names = ['door', 'mill'];
const mistakesIn = (environment: Record<string, string>): readonly string[] => {
  try {
    readConfig(environment, names);
    return [];
  } catch (error) {
    return (error as ConfigMistakes).mistakes;
  }
};

describe('the settings', () => {
  it('have defaults for one machine', () => {
    expect(readConfig({}, names)).toEqual({
      port: 8080,
      host: '0.0.0.0',
      serviceHost: '127.0.0.1',
      servicePort: 0,
      dataDir: '.linli',
      anchorDir: '.linli/anchors',
      apiKey: null,
      secret: null,
      logLevel: 'info',
      kafkaBrokers: null,
      kafkaAccess: { tls: false, caFile: null, sasl: null },
      databaseUrl: null,
      redisUrl: null,
      alarm: 'timers',
      tracesTo: null,
      services: ['door', 'mill'],
      serviceUrls: {},
      drainMs: 0,
    });
  });

  it('are read from the environment, and frozen', () => {
    const config = readConfig(
      {
        LINLI_PORT: '9090',
        LINLI_SECRET: 's'.repeat(32),
        LINLI_API_KEY: 'sixteen characters',
        KAFKA_BROKERS: 'a:9092, b:9093',
        DATABASE_URL: 'postgres://linli@db/linli',
        REDIS_URL: 'redis://r:6379',
        SERVICES: 'mill',
        DOOR_URL: 'http://door:8080/',
        LINLI_HOST: '',
        UNRELATED_URL: 'whatever',
      },
      names,
    );
    expect(config).toMatchObject({
      port: 9090,
      host: '0.0.0.0',
      kafkaBrokers: ['a:9092', 'b:9093'],
      services: ['mill'],
      serviceUrls: { door: 'http://door:8080' },
    });
    expect(Object.isFrozen(config)).toBe(true);
  });

  it('report all mistakes at once', () => {
    expect(
      mistakesIn({
        LINLI_PORT: '99999',
        LINLI_API_KEY: 'short',
        LINLI_LOG_LEVEL: 'loud',
        KAFKA_BROKERS: 'kafka',
        DATABASE_URL: 'mysql://x',
        MILL_URL: 'mill:8080',
      }),
    ).toEqual([
      'LINLI_PORT must be at most 65535',
      'LINLI_API_KEY needs at least 16 printable ASCII characters',
      expect.stringMatching(/^LINLI_LOG_LEVEL /u),
      'KAFKA_BROKERS must be host:port,…',
      'DATABASE_URL must be like postgres://user@host/name',
      'MILL_URL must be like http://host:port',
    ]);
  });

  it.each(['smithy', 'door,smithy', ','])('know no services %s', (services) => {
    expect(mistakesIn({ SERVICES: services })).toEqual(['SERVICES knows only door, mill']);
  });

  it('tell how to get into the cluster', () => {
    const login = { KAFKA_SASL: 'scram-sha-512', KAFKA_USERNAME: 'linli', KAFKA_PASSWORD: 'door-word' };
    expect(readConfig({ ...login, KAFKA_TLS: 'on', KAFKA_CA_FILE: '/ca.pem' }, names).kafkaAccess).toEqual({
      tls: true,
      caFile: '/ca.pem',
      sasl: { mechanism: 'scram-sha-512', username: 'linli', password: 'door-word' },
    });
    expect(mistakesIn({ KAFKA_SASL: 'plain', KAFKA_USERNAME: 'linli' })).toEqual([
      'KAFKA_SASL needs KAFKA_USERNAME and KAFKA_PASSWORD',
      'KAFKA_SASL plain shows the password to the network: set KAFKA_TLS=on',
    ]);
  });

  it('ring by Redis where there is one, by timers otherwise, and by PostgreSQL when told so', () => {
    const redis = { REDIS_URL: 'redis://r:6379' };
    expect(readConfig(redis, names).alarm).toBe('redis');
    expect(readConfig({ ...redis, LINLI_ALARM: 'postgresql' }, names).alarm).toBe('postgresql');
    expect(mistakesIn({ LINLI_ALARM: 'redis' })).toEqual(['LINLI_ALARM redis needs REDIS_URL']);
  });

  it('can be shown as a table', () => {
    const rows = settingsTable(names);
    expect(rows.map(({ name }) => name)).toEqual([
      'LINLI_PORT',
      'LINLI_HOST',
      'LINLI_SERVICE_HOST',
      'LINLI_SERVICE_PORT',
      'LINLI_DATA_DIR',
      'LINLI_ANCHOR_DIR',
      'LINLI_API_KEY',
      'LINLI_SECRET',
      'LINLI_LOG_LEVEL',
      'LINLI_DRAIN_MS',
      'KAFKA_BROKERS',
      'KAFKA_TLS',
      'KAFKA_CA_FILE',
      'KAFKA_SASL',
      'KAFKA_USERNAME',
      'KAFKA_PASSWORD',
      'DATABASE_URL',
      'REDIS_URL',
      'LINLI_ALARM',
      'OTEL_EXPORTER_OTLP_ENDPOINT',
      'SERVICES',
      'DOOR_URL',
      'MILL_URL',
    ]);
    expect(rows[0]).toEqual({ name: 'LINLI_PORT', standard: '8080', meaning: 'Port of the public API.' });
  });
});

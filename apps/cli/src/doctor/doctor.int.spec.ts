import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readConfig } from '@linli/service';
import { embeddedDatabase, findStack, temporaryDir } from '@linli/testing';
import { Client } from 'pg';
import { examine } from './examine.js';
import type { Finding } from './finding.js';

const diagnose = async (environment: Record<string, string>): Promise<Finding[]> => {
  const findings: Finding[] = [];
  const patient = { url: 'http://127.0.0.1:1', key: undefined, environment };
  for await (const finding of examine(patient)) findings.push(finding);
  return findings;
};
const texts = (findings: readonly Finding[], state: Finding['state'], area?: Finding['area']): string[] =>
  findings
    .filter((one) => one.state === state && (area === undefined || one.area === area))
    .map(({ what }) => what);

describe('the doctor, of a system on a database', () => {
  const folder = temporaryDir('doctor');
  let database: Awaited<ReturnType<typeof embeddedDatabase>>;
  let environment: Record<string, string>;
  beforeAll(async () => {
    database = await embeddedDatabase({ durable: true });
    environment = {
      ...{ DATABASE_URL: database.url, LINLI_DATA_DIR: folder.path, LINLI_LOG_LEVEL: 'fatal' },
      ...{ LINLI_PORT: '0', LINLI_API_KEY: 'a key of sixteen characters', LINLI_SECRET: 's'.repeat(40) },
    };
  });
  afterAll(async () => {
    await database.stop();
    folder.remove();
  });

  it('finds what is missing before the first start, and how to mend it', async () => {
    const findings = await diagnose(environment);
    expect(texts(findings, 'wrong', 'database')).toEqual([
      'roles are missing: linli_risk, linli_risk_reader, linli_gateway, linli_gateway_reader',
      'schema risk was never migrated',
      'schema gateway was never migrated',
    ]);
    expect(findings.filter(({ state }) => state === 'wrong').every(({ mend }) => mend !== undefined)).toBe(
      true,
    );
  });

  it('finds nothing wrong once the system ran, and sees migrations that are missing or newer', async () => {
    const { serviceNames, startLinli } = await import('@linli/all-in-one');
    const linli = await startLinli(readConfig(environment, serviceNames));
    await linli.stop();
    const findings = await diagnose(environment);
    expect(findings.filter(({ state }) => state === 'wrong' || state === 'unreachable')).toEqual([]);
    expect(texts(findings, 'right', 'clock')).toHaveLength(1);
    expect(texts(findings, 'unknown', 'calendars')).toEqual([
      'no --key was given: the calendars were not looked at',
    ]);
    const rows = new Client({ connectionString: database.url });
    await rows.connect();
    await rows.query(`delete from risk.migration where id = (select max(id) from risk.migration)`);
    await rows.query(`insert into gateway.migration (timestamp, name) values (1, 'FromTheFuture1')`);
    await rows.end();
    expect(texts(await diagnose(environment), 'wrong', 'database')).toEqual([
      expect.stringMatching(/^schema risk lacks \w+$/u),
      'schema gateway was migrated by a newer release: FromTheFuture1',
    ]);
  }, 60_000);

  it('says what does not answer', async () => {
    const away = {
      KAFKA_BROKERS: '127.0.0.1:1',
      DATABASE_URL: 'postgres://x@127.0.0.1:1/x',
      REDIS_URL: 'redis://127.0.0.1:1',
    };
    const findings = await diagnose({ ...environment, ...away });
    expect(new Set(findings.filter(({ state }) => state === 'unreachable').map(({ area }) => area))).toEqual(
      new Set(['broker', 'database', 'redis']),
    );
  }, 60_000);
});

describe('the doctor, of a server that forgets', () => {
  it('names the settings', async () => {
    const forgetful = await embeddedDatabase({ durable: false });
    try {
      const wrong = texts(await diagnose({ DATABASE_URL: forgetful.url }), 'wrong', 'database');
      expect(wrong).toContain('fsync is off: the server forgets what it confirmed');
    } finally {
      await forgetful.stop();
    }
  });
});

describe('the doctor, of the real stack', () => {
  let stack: Awaited<ReturnType<typeof findStack>>;
  beforeAll(async () => {
    stack = await findStack();
  }, 120_000);
  afterAll(() => stack?.stop());

  it('asks Kafka for its topics and Redis for its settings', async () => {
    if (!stack) return;
    const { kafkaBrokers, databaseUrl, redisUrl } = stack;
    const environment = { KAFKA_BROKERS: kafkaBrokers, DATABASE_URL: databaseUrl, REDIS_URL: redisUrl };
    const findings = await diagnose(environment);
    expect(texts(findings, 'unreachable')).toEqual([]);
    const broker = findings.filter(({ area }) => area === 'broker');
    expect(broker.length).toBeGreaterThan(0);
    const redis = findings.filter(({ area }) => area === 'redis').map(({ what }) => what);
    expect(redis[0]).toBe('answers');
    expect(redis).toHaveLength(3);
  }, 60_000);
});

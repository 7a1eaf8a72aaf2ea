import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { partitionOf, RISK_COMMANDS, type Command } from '@linli/contracts';
import type {
  BulkLine,
  DeadLetterPage,
  DeadLetterView,
  OpsResult,
  OpsStatus,
  Outcome,
  ParkedKeyPage,
  ParkedKeyView,
  PartitionPage,
  VerifyLine,
} from '@linli/contracts';
import { operations } from '@linli/gateway';
import { commandRecord } from '@linli/bus';
import { commandSigner, readConfig, secretsFrom, type Config } from '@linli/service';
import { BOOTSTRAP_KEY, embeddedDatabase, eventually } from '@linli/testing';
import { Pool } from 'pg';
import { pino } from 'pino';
import { logOf } from '../log-of.js';
import { serviceNames, startLinli } from '../start-linli.js';
import { Client } from './client.js';
import { anEvent, freshArea } from './events.js';
import { groundOf, modes, type Mode } from './system.js';

interface Hospital {
  readonly client: Client;
  readonly config: Config;
  readonly database: Pool;
  stop(): Promise<void>;
}

/** A system whose database the test can make refuse a row, and mend. */
const start = async (mode: Mode): Promise<Hospital | null> => {
  const ground = await groundOf(mode);
  if (!ground) return null;
  const own = mode === 'embedded' ? await embeddedDatabase({ durable: true }) : null;
  const environment = {
    ...ground.environment,
    LINLI_LOG_LEVEL: 'fatal',
    ...(own ? { DATABASE_URL: own.url } : {}),
  };
  const config = readConfig(environment, serviceNames);
  const linli = await startLinli(config);
  const database = new Pool({ connectionString: environment['DATABASE_URL'], max: 2 });
  return {
    client: new Client(linli.url ?? '', BOOTSTRAP_KEY),
    ...{ config, database },
    stop: async () => {
      await database.end();
      await linli.stop();
      await own?.stop();
      await ground.stop();
    },
  };
};

const because = { reason: 'the constraint was a mistake' };

describe.each(modes)('what operators see and mend, %s', (mode) => {
  let hospital: Hospital | null;
  let client: Client;

  beforeAll(async () => {
    hospital = await start(mode);
    if (hospital) client = hospital.client;
  }, 120_000);
  afterAll(() => hospital?.stop());

  const test = (name: string, body: (system: Hospital) => Promise<void>): void =>
    it(name, async () => {
      if (hospital) await body(hospital);
    });

  const refuse = async ({ database }: Hospital, table: string, name: string, check: string) => {
    await database.query(`alter table risk.${table} add constraint ${name} check (${check}) not valid`);
    return () => database.query(`alter table risk.${table} drop constraint ${name}`);
  };
  const fate = (source: unknown, id: unknown) =>
    client.get<{ status: string; duplicates: number }>(`/v1/risk-events/${String(source)}/${String(id)}`);
  const lettersWith = async (text: string, state = 'open') =>
    (
      await client.get<DeadLetterPage>(
        `/v1/ops/dead-letters?service=risk&state=${state}&errorContains=${encodeURIComponent(text)}`,
      )
    ).body.items;
  const linesOf = <T>(text: unknown): T[] =>
    String(text)
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as T);

  test('a poisoned event: found, looked at, tried dry, replayed once; again does nothing', async (system) => {
    const area = freshArea();
    const [poison, good] = [anEvent({ area }), anEvent({ area })];
    const mend = await refuse(system, 'risk_event', `no_${area}`, `id <> '${String(poison['id'])}'`);
    expect((await client.post('/v1/risk-events', [good, poison])).status).toBe(202);
    const letter = await eventually(async () => {
      const [found] = await lettersWith(`no_${area}`);
      if (!found) throw new Error('no dead letter yet');
      return found;
    });
    expect(letter).toMatchObject({ service: 'risk', topic: 'linli.risk.intake.v1', state: 'open' });
    expect((await fate(good['source'], good['id'])).body).toMatchObject({ status: 'stored' });
    const path = `/v1/ops/dead-letters/${letter.id}`;
    const shown = (await client.get<DeadLetterView>(path)).body;
    expect(shown.decoded).toMatchObject({
      tenant: 'default',
      event: { id: poison['id'], source: poison['source'] },
    });
    expect(Buffer.from(shown.raw ?? '', 'base64').toString()).toContain(String(poison['id']));

    const early = await client.post<OpsResult>(`${path}/replay`, because);
    expect(early).toMatchObject({ status: 200, body: { effect: 'failed', remaining: 1 } });
    expect(await lettersWith(`no_${area}`)).toMatchObject([{ attempts: 1 }]);

    await mend();
    const dry = await client.post<OpsResult>(`${path}/replay`, { ...because, dryRun: true });
    expect(dry).toMatchObject({ status: 200, body: { dryRun: true, effect: 'applied' } });
    expect((await fate(poison['source'], poison['id'])).status).toBe(404);
    expect(await lettersWith(`no_${area}`)).toHaveLength(1);

    const real = await client.post<OpsResult>(`${path}/replay`, because, {
      'idempotency-key': `replay-${area}`,
    });
    expect(real).toMatchObject({ status: 200, body: { dryRun: false, effect: 'applied', detail: '1 done' } });
    expect((await fate(poison['source'], poison['id'])).body).toMatchObject({
      status: 'stored',
      duplicates: 0,
    });
    const repeated = await client.post<OpsResult>(`${path}/replay`, because, {
      'idempotency-key': `replay-${area}`,
    });
    expect(repeated.headers.get('idempotent-replayed')).toBe('true');
    const second = await client.post<OpsResult>(`${path}/replay`, because);
    expect(second).toMatchObject({ status: 200, body: { effect: 'nothing' } });
    expect(second.body.detail).toContain('the constraint was a mistake');
    expect((await fate(poison['source'], poison['id'])).body).toMatchObject({ duplicates: 0 });
    expect(await lettersWith(`no_${area}`, 'replayed')).toMatchObject([
      { endedBy: 'bootstrap key (bootstrap)' },
    ]);
  });

  test('many dead letters are replayed in one go, a line each', async (system) => {
    const area = freshArea();
    const mend = await refuse(system, 'risk_event', `none_${area}`, `area <> '${area}'`);
    const events = [1, 2, 3].map(() => anEvent({ area }));
    await client.post('/v1/risk-events', events);
    await eventually(async () => {
      expect(await lettersWith(`none_${area}`)).toHaveLength(3);
      return true;
    });
    await mend();
    const wanted = { service: 'risk', errorContains: `none_${area}`, ...because };
    const bulk = async (more: object) =>
      linesOf<BulkLine>((await client.post('/v1/ops/dead-letters/replay', { ...wanted, ...more })).body);
    expect((await bulk({ dryRun: true })).at(-1)).toEqual({
      done: true,
      applied: 3,
      failed: 0,
      nothing: 0,
      unknown: 0,
    });
    expect(await lettersWith(`none_${area}`)).toHaveLength(3);
    expect((await bulk({})).at(-1)).toEqual({ done: true, applied: 3, failed: 0, nothing: 0, unknown: 0 });
    expect(await bulk({})).toEqual([{ done: true, applied: 0, failed: 0, nothing: 0, unknown: 0 }]);
    for (const event of events)
      expect((await fate(event['source'], event['id'])).body).toMatchObject({
        status: 'stored',
        duplicates: 0,
      });
  });

  const yellow = async (): Promise<{ id: string; version: number }> => {
    const area = freshArea();
    await client.post(
      '/v1/risk-events',
      [0, 1, 2, 5].map((ageDays) => anEvent({ area, ageDays })),
    );
    return eventually(async () => {
      const { items } = (
        await client.get<{ items: { id: string; version: number; status: string }[] }>(
          `/v1/warnings?area=${area}`,
        )
      ).body;
      const [warning] = items;
      if (warning?.status !== 'issued') throw new Error('no warning yet');
      return warning;
    });
  };
  const acknowledge = (id: string, key: string) =>
    client.post(
      `/v1/warnings/${id}/acknowledge`,
      {},
      { 'if-match': '*', 'idempotency-key': key, prefer: 'respond-async' },
    );
  const parkedWith = (warning: string, waiting: number) =>
    eventually(async () => {
      const { items } = (await client.get<ParkedKeyPage>('/v1/ops/parked-keys')).body;
      const key = items.find((one) => one.key === warning);
      if (key?.waiting !== waiting) throw new Error('not parked yet');
      return key;
    });

  test('a parked aggregate: what waits is shown in order, tried dry, and released in order', async (system) => {
    const { id } = await yellow();
    const name = `stuck_${id.replaceAll('-', '')}`;
    const mend = await refuse(system, 'warning', name, `id <> '${id}' or acknowledged_at is null`);
    const first = await acknowledge(id, `${id}-1`);
    expect(first.status).toBe(202);
    await parkedWith(id, 1);
    const second = await acknowledge(id, `${id}-2`);
    const key = await parkedWith(id, 2);
    expect(key.reason).toContain(name);
    const path = `/v1/ops/parked-keys/${key.id}`;
    const { messages } = (await client.get<ParkedKeyView>(path)).body;
    expect(messages.map(({ type }) => type)).toEqual([
      'risk.acknowledge-warning',
      'risk.acknowledge-warning',
    ]);
    const outcome = await client.get<Outcome>(`/v1/ops/outcomes/${messages[0]?.id ?? ''}`);
    expect(outcome.body).toMatchObject({ status: 'parked', aggregateId: id });

    await mend();
    const dry = await client.post<OpsResult>(`${path}/release`, { ...because, dryRun: true });
    expect(dry.body).toMatchObject({ dryRun: true, effect: 'applied', remaining: 0 });
    expect((await client.get<ParkedKeyView>(path)).body.waiting).toBe(2);
    const release = await client.post<OpsResult>(`${path}/release`, because);
    expect(release.body.messages.map(({ status, code }) => [status, code])).toEqual([
      ['done', null],
      ['refused', 'WRN_STATE'],
    ]);
    expect((await client.get(first.headers.get('location') ?? '')).body).toMatchObject({ status: 'done' });
    expect((await client.get(second.headers.get('location') ?? '')).body).toMatchObject({
      status: 'refused',
    });
    expect((await client.post<OpsResult>(`${path}/release`, because)).body).toMatchObject({
      effect: 'nothing',
    });
    expect((await client.get(path)).status).toBe(404);
  });

  test('the command that blocks a key is discarded, which its sender is told; the rest goes on', async (system) => {
    const { id } = await yellow();
    const name = `blocked_${id.replaceAll('-', '')}`;
    const mend = await refuse(system, 'warning', name, `id <> '${id}' or acknowledged_at is null`);
    const first = await acknowledge(id, `${id}-1`);
    await parkedWith(id, 1);
    const second = await acknowledge(id, `${id}-2`);
    const key = await parkedWith(id, 2);
    await mend();
    const told = await client.post<OpsResult>(`/v1/ops/parked-keys/${key.id}/discard-first`, because);
    expect(told.body.messages.map(({ status }) => status)).toEqual(['discarded', 'done']);
    expect((await client.get(first.headers.get('location') ?? '')).body).toMatchObject({
      status: 'refused',
      problem: { code: 'OPS_DISCARDED', status: 409 },
    });
    expect((await client.get(second.headers.get('location') ?? '')).body).toMatchObject({ status: 'done' });
  });

  test('the state of everything is on one page, and what needs attention in sentences', async () => {
    const { ok, services } = await eventually(async () => {
      const { body } = await client.get<OpsStatus>('/v1/ops/status');
      expect(body.services.every(({ partitions }) => partitions.every(({ lag }) => lag === 0))).toBe(true);
      return body;
    });
    expect(services.map(({ service, reachable, ready }) => [service, reachable, ready])).toEqual([
      ['gateway', true, true],
      ['risk', true, true],
    ]);
    const risk = services.find(({ service }) => service === 'risk');
    expect(risk?.partitions).toHaveLength(24);
    expect(risk?.partitions.every(({ halted, expiring }) => halted === null && !expiring)).toBe(true);
    const many: unknown = expect.any(Number);
    expect(risk?.figures).toEqual({
      ...{ quarantined: 0, silentSources: many, deadlinesArmed: many, deadlinesProvisional: many },
      ...{ deadlinesOverdue: 0, deadlinesUndecided: 0 },
    });
    expect(ok).toBe((risk?.attention ?? []).length === 0);
    const { items } = (await client.get<PartitionPage>('/v1/ops/partitions?service=risk')).body;
    expect(items.filter(({ topic }) => topic === 'linli.risk.intake.v1')).toHaveLength(12);
  });

  test('a partition that is not halted is not resumed', async () => {
    const path = '/v1/ops/partitions/risk/linli.risk.intake.v1/3/resume';
    expect((await client.post<OpsResult>(path, because)).body).toMatchObject({
      action: 'resume-partition',
      effect: 'nothing',
      detail: 'it is not halted',
    });
    const beyond = await client.post('/v1/ops/partitions/risk/linli.risk.intake.v1/99/resume', because);
    expect([beyond.status, beyond.body['code']]).toEqual([404, 'OPS_PARTITION_NOT_FOUND']);
  });

  /** As a service of another release would put it on the log. */
  const put = async ({ config }: Hospital, changes: Partial<Command>): Promise<Command> => {
    const opened = await logOf(config, config.databaseUrl ?? '', false, pino({ level: 'silent' }));
    const at = new Date();
    const command: Command = {
      ...{ commandId: randomUUID(), type: 'risk.acknowledge-warning', version: 1, tenant: 'default' },
      ...{ aggregateId: randomUUID(), expectedVersion: null, requestHash: 'h', data: {}, hops: 0 },
      ...{ correlationId: 'c', causationId: null, acceptedAt: at.toISOString() },
      notAfter: new Date(at.getTime() + 3_600_000).toISOString(),
      principal: { tenant: 'default', keyId: 'k', name: 'k', scopes: ['warnings:write'], areas: null },
      ...changes,
    };
    const signer = commandSigner(secretsFrom(config.secret ?? ''));
    await opened.log.publish(RISK_COMMANDS, [commandRecord(command, RISK_COMMANDS, signer)]);
    await opened.close();
    return command;
  };

  test('a partition that stands is resumed behind the record at fault, and goes on by itself', async (system) => {
    const newer = await put(system, { version: 99 });
    const behind = await put(system, { aggregateId: newer.aggregateId });
    const partition = partitionOf(newer.aggregateId, RISK_COMMANDS);
    const place = async () =>
      (await client.get<PartitionPage>('/v1/ops/partitions')).body.items.find(
        (one) => one.topic === RISK_COMMANDS.name && one.partition === partition,
      );
    const stands = await eventually(async () => {
      const found = await place();
      if (!found?.haltedAt) throw new Error('not halted yet');
      return found;
    });
    expect(stands.halted).toContain('has version 99');
    expect((await client.get<OpsStatus>('/v1/ops/status')).body.ok).toBe(false);
    const path = `/v1/ops/partitions/risk/${RISK_COMMANDS.name}/${partition}/resume`;
    const position = stands.next + 1;
    const outside = await client.post(path, { ...because, position: stands.high + 5 });
    expect([outside.status, outside.body['code']]).toEqual([422, 'OPS_POSITION_OUTSIDE']);
    const dry = await client.post<OpsResult>(path, { ...because, position, dryRun: true });
    expect(dry.body).toMatchObject({ effect: 'applied', dryRun: true });
    expect((await place())?.halted).toContain('has version 99');
    const resumed = await client.post<OpsResult>(path, { ...because, position });
    expect(resumed.body).toMatchObject({
      effect: 'applied',
      detail: `goes on from ${position}: records ${stands.next} to ${stands.next} are passed over`,
    });
    const outcome = await eventually(async () => {
      const answer = await client.get<Outcome>(`/v1/ops/outcomes/${behind.commandId}`);
      expect(answer.status).toBe(200);
      return answer.body;
    });
    expect(outcome).toMatchObject({ status: 'refused', refusal: { code: 'WRN_NOT_FOUND' } });
    expect((await client.get(`/v1/ops/outcomes/${newer.commandId}`)).status).toBe(404);
    expect((await place())?.halted).toBeNull();
  });

  test('what operators did is in the audit journal, whose chains verify; an edited row is named', async (system) => {
    const verify = async () => linesOf<VerifyLine>((await client.post('/v1/ops/audit/verify', {})).body);
    const before = await verify();
    expect(before.at(-1)).toMatchObject({ done: true, chains: 25, faults: 0 });
    const mended = await system.database.query<{ seq: number; actor: string; payload: string }>(
      `select seq::int, actor, payload from risk.journal
       where topic = 'linli.risk.operations.v1' and type = 'linli.risk.mended.v1' order by seq`,
    );
    const actions = mended.rows.map(
      ({ payload }) => JSON.parse(payload) as { action: string; reason: string },
    );
    expect(new Set(actions.map(({ action }) => action))).toEqual(
      new Set(['replay-dead-letter', 'release-key', 'discard-first', 'resume-partition']),
    );
    expect(new Set(actions.map(({ reason }) => reason))).toEqual(new Set([because.reason]));
    expect(new Set(mended.rows.map(({ actor }) => actor))).toEqual(new Set(['bootstrap']));
    // Imports of calendars are told there too, so that on a shared database the first row need not be of an operator.
    const seq = mended.rows[0]?.seq;
    const edit = (from: string, to: string) =>
      system.database.query(
        `update risk.journal set payload = replace(payload, $1, $2)
         where topic = 'linli.risk.operations.v1' and seq = $3 and payload like '%' || $1 || '%'`,
        [from, to, seq],
      );
    expect(await edit('mistake', 'miracle')).toMatchObject({ rowCount: 1 });
    const after = await verify();
    await edit('miracle', 'mistake');
    expect(after.filter((line) => 'topic' in line && line.fault !== null)).toMatchObject([
      { topic: 'linli.risk.operations.v1', partition: 0, fault: { seq } },
    ]);
    expect(after.at(-1)).toMatchObject({ faults: 1 });
  });

  test('is closed to keys without the scope, and to keys that are limited to areas', async () => {
    const plain = await client.withKey('no operator', [
      'risk:write',
      'risk:read',
      'warnings:write',
      'keys:write',
    ]);
    const local = await client.withKey('of one district', ['ops'], ['330106']);
    const routes = operations.filter(({ path }) => path.startsWith('/v1/ops/'));
    expect(routes.length).toBeGreaterThanOrEqual(14);
    for (const { method, path, scope } of routes) {
      expect(scope).toBe('ops');
      const filled = path
        .replace('{service}', 'risk')
        .replace('{topic}', 'linli.risk.intake.v1')
        .replace('{partition}', '0')
        .replace(/\{[a-z]+\}/u, 'risk.5b2c7f6e-7c1e-5d52-9a3d-0d8a0c6f8a11');
      const bulk = path === '/v1/ops/dead-letters/replay' ? { service: 'risk' } : {};
      const body = path.endsWith('verify') ? {} : { ...because, ...bulk };
      const options = method === 'POST' ? { body } : {};
      const answers = await Promise.all([plain, local].map((one) => one.call(method, filled, options)));
      expect([path, answers[0]?.status, answers[0]?.body['code']]).toEqual([path, 403, 'GTW_SCOPE_MISSING']);
      expect([path, answers[1]?.status, answers[1]?.body['code']]).toEqual([path, 403, 'GTW_AREA_LIMITED']);
    }
  });
});

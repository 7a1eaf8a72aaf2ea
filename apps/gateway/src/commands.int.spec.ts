import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Command, Outcome } from '@linli/contracts';
import { startWorld, type World } from './gateway.fixture.js';

const ID = '5b2c7f6e-7c1e-5d52-9a3d-0d8a0c6f8a11';
const ACK = `/v1/warnings/${ID}/acknowledge`;

let world: World;
beforeAll(async () => {
  world = await startWorld({ publishing: { requests: 500, bytes: 16_000_000, withinMs: 200 } });
});
afterAll(() => world.close());
beforeEach(() => {
  world.log.commands.length = 0;
  world.log.trouble = null;
  world.log.onCommand = (command) => world.risk.outcomes.set(command.commandId, done(command));
  world.risk.away = false;
});

const outcome = (command: Command, over: Partial<Outcome>): Outcome => ({
  commandId: command.commandId,
  tenant: command.tenant,
  requestHash: command.requestHash,
  aggregateId: command.aggregateId,
  status: 'done',
  resource: null,
  aggregateVersion: null,
  refusal: null,
  completedAt: '2026-11-23T01:00:00.000Z',
  ...over,
});
const done = (command: Command): Outcome =>
  outcome(command, {
    resource: { id: ID, area: '330106003012', status: 'acknowledged' },
    aggregateVersion: 4,
  });
const refuseWith = (code: string, kind: string): void => {
  world.log.onCommand = (command) =>
    world.risk.outcomes.set(
      command.commandId,
      outcome(command, { status: 'refused', refusal: { code, kind, detail: 'because' } }),
    );
};
const acknowledge = (headers: Record<string, string> = {}, body: unknown = { note: 'seen' }, key?: string) =>
  world.post(ACK, body, { 'if-match': '"3"', ...headers }, key);
const code = async (response: Response) => ((await response.json()) as { code: string }).code;

describe('a command', () => {
  it('is put on the log as the principal, and answered with the resource and its ETag', async () => {
    const response = await acknowledge({ 'idempotency-key': 'first' });
    expect(response.status).toBe(200);
    expect(response.headers.get('etag')).toBe('"4"');
    expect(response.headers.get('idempotency-key')).toBe('first');
    expect(response.headers.get('idempotent-replayed')).toBeNull();
    expect(await response.json()).toMatchObject({ id: ID, status: 'acknowledged' });
    expect(world.log.commands).toEqual([
      expect.objectContaining({
        type: 'risk.acknowledge-warning',
        tenant: 'default',
        aggregateId: ID,
        expectedVersion: 3,
        data: { note: 'seen' },
        hops: 0,
        principal: expect.objectContaining({ keyId: 'bootstrap', areas: null }),
      }),
    ]);
  });

  it('sent again with the same key answers the same, and is not put on the log again', async () => {
    await acknowledge({ 'idempotency-key': 'again' });
    const second = await acknowledge({ 'idempotency-key': 'again' });
    expect(second.status).toBe(200);
    expect(second.headers.get('idempotent-replayed')).toBe('true');
    expect(world.log.commands).toHaveLength(1);
  });

  it('sent with the same key and another body is 422', async () => {
    await acknowledge({ 'idempotency-key': 'other' });
    const second = await acknowledge({ 'idempotency-key': 'other' }, { note: 'something else' });
    expect(second.status).toBe(422);
    expect(await code(second)).toBe('IDEMPOTENCY_KEY_REUSED');
  });

  it('without a key gets one', async () => {
    const [one, two] = [await acknowledge(), await acknowledge()];
    expect(one.headers.get('idempotency-key')).toMatch(/^[0-9a-f-]{36}$/u);
    expect(one.headers.get('idempotency-key')).not.toBe(two.headers.get('idempotency-key'));
  });

  it.each([
    ['without If-Match', { 'if-match': undefined }, 428, 'WRN_IF_MATCH_REQUIRED'],
    ['with a weak If-Match', { 'if-match': 'W/"3"' }, 412, 'WRN_STALE'],
    ['with a malformed If-Match', { 'if-match': '3' }, 400, 'GTW_IF_MATCH_INVALID'],
    ['with an oversized key', { 'idempotency-key': 'k'.repeat(256) }, 400, 'GTW_IDEMPOTENCY_KEY_INVALID'],
    ['with a key that is no text', { 'idempotency-key': 'two words' }, 400, 'GTW_IDEMPOTENCY_KEY_INVALID'],
    ['with a malformed preference', { prefer: 'wait=soon' }, 400, 'GTW_PREFER_INVALID'],
  ])('%s is refused before the log', async (_, headers, status, expected) => {
    const sent = Object.fromEntries(
      Object.entries({ 'if-match': '"3"', ...headers }).filter(
        (pair): pair is [string, string] => pair[1] !== undefined,
      ),
    );
    const response = await world.post(ACK, {}, sent);
    expect([response.status, await code(response)]).toEqual([status, expected]);
    expect(world.log.commands).toEqual([]);
  });

  it('with `*` means any version', async () => {
    await acknowledge({ 'if-match': '*' });
    expect(world.log.commands[0]?.expectedVersion).toBeNull();
  });

  it('without a body is one without a note', async () => {
    const response = await world.ask(ACK, { method: 'POST', headers: { 'if-match': '"3"' } });
    expect(response.status).toBe(200);
    expect(world.log.commands[0]?.data).toEqual({});
  });

  it.each([
    ['an unknown member', { nota: 'x' }],
    ['a note that is too long', { note: 'x'.repeat(2001) }],
    ['a note that no store takes', { note: 'a\u0000' }],
  ])('with %s is 422', async (_, body) => {
    const response = await acknowledge({}, body);
    expect([response.status, await code(response)]).toEqual([422, 'BODY_INVALID']);
  });

  it('on an id that is none is 404', async () => {
    expect((await world.post('/v1/warnings/17/acknowledge', {}, { 'if-match': '*' })).status).toBe(404);
  });

  it.each([
    ['WRN_NOT_OWNER', 'forbidden', 403],
    ['WRN_NOT_FOUND', 'not-found', 404],
    ['WRN_STATE', 'conflict', 409],
    ['WRN_STALE', 'stale', 412],
  ])('refused with %s is a problem', async (name, kind, status) => {
    refuseWith(name, kind);
    const response = await acknowledge();
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    expect([response.status, await code(response)]).toEqual([status, name]);
  });

  it('honours return=minimal', async () => {
    const response = await acknowledge({ prefer: 'return=minimal' });
    expect(response.status).toBe(204);
    expect(response.headers.get('etag')).toBe('"4"');
    expect(response.headers.get('preference-applied')).toBe('return=minimal');
  });

  it('is not replayed to a key that may not see the area of the resource', async () => {
    const { key } = await world.newKey({ name: 'n', scopes: ['warnings:write'], areas: ['3302'] });
    await acknowledge({ 'idempotency-key': 'shared' });
    const response = await acknowledge({ 'idempotency-key': 'shared' }, { note: 'seen' }, key);
    expect(response.status).toBe(404);
  });
});

describe('a command whose outcome is not known yet', () => {
  const location = async (headers: Record<string, string>): Promise<string> => {
    const response = await acknowledge(headers);
    expect(response.status).toBe(202);
    expect(await response.json()).toMatchObject({ status: 'pending', completedAt: null });
    return response.headers.get('location') ?? '';
  };

  it('is 202 at once when the client wants no waiting, and the operation tells the rest', async () => {
    world.log.onCommand = () => undefined;
    const url = await location({ prefer: 'respond-async' });
    expect(await (await world.ask(url)).json()).toMatchObject({ status: 'pending' });
    const [command] = world.log.commands as [Command];
    world.risk.outcomes.set(command.commandId, done(command));
    expect(await (await world.ask(url)).json()).toMatchObject({
      status: 'done',
      completedAt: '2026-11-23T01:00:00.000Z',
      resource: { id: ID },
    });
  });

  it('shows a refusal in the operation', async () => {
    refuseWith('WRN_NOT_OWNER', 'forbidden');
    const url = await location({ prefer: 'respond-async' });
    expect(await (await world.ask(url)).json()).toMatchObject({
      status: 'refused',
      problem: { status: 403, code: 'WRN_NOT_OWNER' },
    });
  });

  it('is 202 while the risk service is away; its operation is then 503, never 404', async () => {
    world.risk.away = true;
    const url = await location({ prefer: 'wait=1' });
    const response = await world.ask(url);
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('1');
    world.risk.away = false;
    expect((await world.ask(url)).status).toBe(200);
  });

  it('stays 202 while it is parked', async () => {
    world.log.onCommand = (command) =>
      world.risk.outcomes.set(command.commandId, outcome(command, { status: 'parked' }));
    const url = await location({ 'idempotency-key': 'parked' });
    expect(await (await world.ask(url)).json()).toMatchObject({ status: 'parked', completedAt: null });
  });

  it('is shown to nobody of another tenant, of other areas, or without the scope', async () => {
    const url = await location({ prefer: 'respond-async' });
    const keys = [
      await world.newKey({ name: 't', scopes: ['warnings:write'], tenant: 'elsewhere' }),
      await world.newKey({ name: 'a', scopes: ['warnings:write'], areas: ['330106'] }),
      await world.newKey({ name: 's', scopes: ['warnings:read'] }),
    ];
    for (const { key } of keys) {
      expect((await world.ask(url, { key })).status).toBe(404);
    }
    expect((await world.ask(`${url}x`)).status).toBe(404);
    expect((await world.ask('/v1/operations/garbage')).status).toBe(404);
  });

  it('is 503 with the key to use again when the log does not confirm', async () => {
    world.log.trouble = () => new Promise(() => undefined);
    const response = await acknowledge({ 'idempotency-key': 'unsure' });
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({
      code: 'GTW_OUTCOME_UNKNOWN',
      detail: expect.stringContaining('same Idempotency-Key is safe'),
    });
  });
});

describe('the register of a tenant', () => {
  it('takes areas and replays in one order, without If-Match', async () => {
    world.log.onCommand = (command) =>
      world.risk.outcomes.set(
        command.commandId,
        outcome(command, { resource: { replayed: 2, remaining: 0 } }),
      );
    const areas = await world.post('/v1/areas', { areas: [{ code: '330106003012', name: 'Old Street' }] });
    const replay = await world.post('/v1/risk-events/quarantine/replay', { categories: { x: 'DSP-04' } });
    expect([areas.status, replay.status]).toEqual([200, 200]);
    expect(await replay.json()).toEqual({ replayed: 2, remaining: 0 });
    const [one, two] = world.log.commands as [Command, Command];
    expect([one.type, two.type]).toEqual(['risk.load-areas', 'risk.replay-quarantine']);
    expect(one.aggregateId).toBe(two.aggregateId);
  });

  it('is not for keys limited to areas', async () => {
    const { key } = await world.newKey({ name: 'n', scopes: ['areas:write'], areas: ['330106'] });
    const response = await world.post('/v1/areas', { areas: [] }, {}, key);
    expect([response.status, await code(response)]).toEqual([403, 'GTW_AREA_LIMITED']);
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Command, Principal, Scope } from '@linli/contracts';
import type { ClockCount } from '@linli/deadlines';
import { systemClock } from '@linli/kernel';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { serverFor } from '../http/server.js';
import { internalDoor } from '../principal/internal-door.js';
import { PRINCIPAL_HEADER, signPrincipal } from '../principal/signed-principal.js';
import { secretsFrom } from '../secrets.js';
import { mountOperate } from './ops-routes.js';
import type { StatusParts } from './status.js';

const secrets = secretsFrom('a master secret of a test, 32 characters and more');
const ran: Command[] = [];
const away = (): Promise<never> => Promise.reject(new Error('connect refused'));
const report = {
  relay: { unstamped: 0, unpublished: 4, oldestSeconds: 90 },
  deadLetters: { open: 2, replayed: 0, discarded: 0 },
  ...{ parkedKeys: 1, healed: 0, lastFault: null },
};
const bus = {
  outcome: () => Promise.resolve(null),
  operate: {
    report: () => Promise.resolve(report),
    partitions: away,
    deadLetter: () => Promise.resolve(null),
    parkedKey: () => Promise.resolve(null),
    runByHand: (command: Command) => Promise.resolve(ran.push(command)),
  },
};
const health = { live: () => Promise.resolve([]), ready: () => Promise.resolve(['database: away']) };

const unheard: ClockCount = {
  clock: 'K_ACK',
  bands: { overdue: 3, under10: 0, under25: 0, under50: 0, rest: 0 },
  unescalated: 2,
};

let fastify: FastifyInstance;
beforeAll(async () => {
  const server = serverFor(pino({ level: 'silent' }));
  ({ fastify } = server);
  fastify.setErrorHandler(server.answer);
  internalDoor(fastify, { bus: null, secrets });
  const parts = {
    service: 'probe',
    bus,
    health,
    clock: systemClock,
    figures: away,
    attention: () => Promise.resolve(['a source is silent']),
    lacking: away,
    deadlines: null,
    clocks: () => Promise.resolve([unheard]),
  };
  mountOperate(fastify, parts as unknown as StatusParts);
  await fastify.ready();
});
afterAll(() => fastify.close());

const who = (scopes: Scope[], areas: string[] | null = null): Principal => ({
  ...{ tenant: 'default', keyId: 'k', name: 'night shift', scopes, areas },
});
const ask = async (method: 'GET' | 'POST', path: string, principal: Principal | null, payload?: object) => {
  const response = await fastify.inject({
    method,
    url: `/internal/ops${path}`,
    headers: principal ? { [PRINCIPAL_HEADER]: signPrincipal(secrets, principal) } : {},
    ...(payload && { payload }),
  });
  return { status: response.statusCode, body: response.json<Record<string, unknown>>() };
};

const routes = [
  ['GET', '/status'],
  ['GET', '/partitions'],
  ['GET', '/dead-letters'],
  ['GET', '/dead-letters/5b2c7f6e-7c1e-5d52-9a3d-0d8a0c6f8a11'],
  ['GET', '/parked-keys'],
  ['GET', '/parked-keys/5b2c7f6e-7c1e-5d52-9a3d-0d8a0c6f8a11'],
  ['GET', '/outcomes/5b2c7f6e-7c1e-5d52-9a3d-0d8a0c6f8a11'],
  ['POST', '/preview'],
  ['POST', '/commands'],
  ['POST', '/audit/verify'],
] as const;

describe('the internal routes of operators', () => {
  it.each(routes)(
    '%s %s is closed to who is unknown, has not the scope, or is limited to areas',
    async (method, path) => {
      expect((await ask(method, path, null)).status).toBe(401);
      for (const principal of [who(['risk:read', 'keys:write']), who(['ops'], ['330106'])])
        expect(await ask(method, path, principal)).toMatchObject({
          status: 403,
          body: { code: 'OPS_FORBIDDEN' },
        });
    },
  );

  it('say what can be said while the rest is away, and what needs attention', async () => {
    const { status, body } = await ask('GET', '/status', who(['ops']));
    expect(status).toBe(200);
    expect(body).toMatchObject({
      service: 'probe',
      reachable: true,
      live: true,
      ready: false,
      partitions: [],
    });
    expect(body['attention']).toEqual([
      'database: away',
      'the calendars cannot be read: connect refused',
      'the figures cannot be read: connect refused',
      'the partitions cannot be read: connect refused',
      'facts wait to be sent for 90 s: is the log away?',
      '2 dead letters: linli dlq list',
      '1 parked keys: linli keys list',
      'a source is silent',
      '2 of K_ACK past their due time, and nobody was told: linli sla items --clock K_ACK --band overdue',
    ]);
  });

  it('know what is not there from what is no id', async () => {
    const [none, wrong] = ['5b2c7f6e-7c1e-5d52-9a3d-0d8a0c6f8a11', 'x'];
    for (const id of [none, wrong])
      for (const list of ['dead-letters', 'parked-keys', 'outcomes'])
        expect(await ask('GET', `/${list}/${id}`, who(['ops']))).toMatchObject({
          status: 404,
          body: { code: 'OPS_NOT_FOUND' },
        });
  });

  it('take by hand only what cannot travel in the log, as the one who asks and nobody else', async () => {
    const at = '2026-11-23T12:00:00Z';
    const command: Command = {
      ...{ commandId: '5b2c7f6e-7c1e-5d52-9a3d-0d8a0c6f8a11', type: 'ops.release-key', version: 1 },
      ...{ aggregateId: '5b2c7f6e-7c1e-5d52-9a3d-0d8a0c6f8a12', tenant: 'default', expectedVersion: null },
      ...{ requestHash: 'h', notAfter: at, acceptedAt: at, correlationId: 'c', causationId: null, hops: 0 },
      ...{ principal: { ...who(['ops']), keyId: 'somebody else' }, data: {} },
    };
    expect(await ask('POST', '/commands', who(['ops']), command)).toMatchObject({
      status: 422,
      body: { code: 'OPS_NOT_BY_HAND' },
    });
    await ask('POST', '/commands', who(['ops']), { ...command, type: 'ops.resume-partition' });
    expect(ran).toMatchObject([{ type: 'ops.resume-partition', principal: { keyId: 'k' } }]);
  });
});

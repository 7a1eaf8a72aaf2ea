import { once } from 'node:events';
import { setImmediate as immediate } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { OUTCOME_STREAM, type Outcome, type OutcomesWanted, type Principal } from '@linli/contracts';
import { eventually } from '@linli/testing';
import { fastify, type FastifyInstance } from 'fastify';
import { WebSocket } from 'ws';
import { PRINCIPAL_HEADER, signPrincipal } from '../principal/signed-principal.js';
import { secretsFrom } from '../secrets.js';
import { mountOutcomes } from './outcome-stream.js';

const secrets = secretsFrom('a master secret of a test, 32 characters and more');
const gateway: Principal = { tenant: 'default', keyId: 'gateway', name: 'gateway', scopes: [], areas: null };
const idOf = (n: number): string => `0198c0de-0000-7000-8000-${String(n).padStart(12, '0')}`;

const anOutcome = (n: number, resource: unknown = n): Outcome => ({
  ...{ commandId: idOf(n), tenant: 'yuhang', requestHash: 'h', aggregateId: idOf(900), status: 'done' },
  ...{ resource, aggregateVersion: 1, refusal: null, completedAt: '2026-11-23T12:00:00Z' },
});

/** The waiters of a bus, whose commits are the test's. */
const aBus = () => {
  const waiting = new Map<string, (outcome: Outcome | null) => void>();
  const nextOutcome = (commandId: string, _waitMs: number, signal?: AbortSignal): Promise<Outcome | null> =>
    new Promise((resolve) => {
      waiting.set(commandId, resolve);
      signal?.addEventListener('abort', () => {
        waiting.delete(commandId);
        resolve(null);
      });
    });
  const commit = (...outcomes: Outcome[]): void => {
    for (const outcome of outcomes) waiting.get(outcome.commandId)?.(outcome);
  };
  return { waiting, nextOutcome, commit };
};

const open: { close(): unknown }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

const aService = async () => {
  const bus = aBus();
  const server: FastifyInstance = fastify();
  mountOutcomes(server, { bus, secrets });
  const url = (await server.listen({ port: 0, host: '127.0.0.1' })).replace('http', 'ws');
  open.push(server);
  const connect = (path = OUTCOME_STREAM, header = signPrincipal(secrets, gateway)): WebSocket =>
    new WebSocket(url + path, { headers: { [PRINCIPAL_HEADER]: header } });
  return { bus, server, connect };
};

const listening = async () => {
  const service = await aService();
  const socket = service.connect();
  await once(socket, 'open');
  const told: Outcome[][] = [];
  socket.on('message', (message) => told.push(JSON.parse((message as Buffer).toString()) as Outcome[]));
  const want = async (...wanted: OutcomesWanted): Promise<void> => {
    socket.send(JSON.stringify(wanted));
    await eventually(() => wanted.every(({ commandId }) => service.bus.waiting.has(commandId)));
  };
  const wanted = (n: number, tenant = 'yuhang') => ({ commandId: idOf(n), tenant, waitMs: 5_000 });
  return { ...service, socket, told, want, wanted };
};

describe('the stream of outcomes', () => {
  it('tells what is waited for, those of one commit together, and nothing else', async () => {
    const { bus, told, want, wanted } = await listening();
    await want(wanted(1), wanted(2), wanted(3));
    bus.commit(anOutcome(1), anOutcome(2), anOutcome(9));
    await eventually(() => told.length === 1);
    bus.commit(anOutcome(3));
    await eventually(() => told.length === 2);
    expect(told).toEqual([[anOutcome(1), anOutcome(2)], [anOutcome(3)]]);
  });

  it('tells no outcome of another tenant than the command was said to be of', async () => {
    const { bus, told, want, wanted } = await listening();
    await want(wanted(1, 'elsewhere'), wanted(2));
    bus.commit(anOutcome(1), anOutcome(2));
    await eventually(() => told.length > 0);
    expect(told).toEqual([[anOutcome(2)]]);
  });

  it.each([
    ['nobody signed for', OUTCOME_STREAM, 'none', 401],
    ['another path', '/internal/other', undefined, 404],
  ])('opens to nobody else: %s', async (_, path, header, status) => {
    const { connect } = await aService();
    const socket = connect(path, header);
    const [error] = (await once(socket, 'error')) as [Error];
    expect(error.message).toBe(`Unexpected server response: ${status}`);
  });

  it.each(['no JSON', '{}', '[{"commandId":"1"}]', `[{"commandId":"${idOf(1)}","tenant":"t","waitMs":1e9}]`])(
    'ends when it is told nonsense: %s',
    async (text) => {
      const { socket } = await listening();
      socket.send(text);
      expect((await once(socket, 'close'))[0]).toBe(1007);
    },
  );

  it('lets go of who reads no more, whatever waits for it', async () => {
    const { bus, socket, want, wanted } = await listening();
    await want(...Array.from({ length: 80 }, (_, n) => wanted(n)));
    socket.pause();
    for (let n = 0; n < 80; n += 1) {
      bus.commit(anOutcome(n, 'x'.repeat(200_000)));
      await immediate();
    }
    await eventually(() => bus.waiting.size === 0);
    socket.resume();
    expect((await once(socket, 'close'))[0]).toBe(1006);
  });

  it('waits no more for a gateway that left', async () => {
    const { bus, socket, want, wanted } = await listening();
    await want(wanted(1));
    socket.terminate();
    await eventually(() => bus.waiting.size === 0);
  });

  it('ends with its service, and does not hold it open', async () => {
    const { server, socket } = await listening();
    const closed = once(socket, 'close');
    await server.close();
    expect((await closed)[0]).toBe(1001);
  });
});

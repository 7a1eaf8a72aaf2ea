import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { Outcome } from '@linli/contracts';
import { PRINCIPAL_HEADER, readPrincipal, secretsFrom } from '@linli/service';
import { eventually } from '@linli/testing';
import { WebSocketServer, type WebSocket } from 'ws';
import { OutcomeStream } from './outcome-stream.js';

const secrets = secretsFrom('a master secret of a test, 32 characters and more');
const LONG_MS = 20_000;
const idOf = (n: number): string => `0198c0de-0000-7000-8000-${String(n).padStart(12, '0')}`;

const anOutcome = (n: number): Outcome => ({
  ...{ commandId: idOf(n), tenant: 'yuhang', requestHash: 'h', aggregateId: idOf(900), status: 'done' },
  ...{ resource: n, aggregateVersion: 1, refusal: null, completedAt: '2026-11-23T12:00:00Z' },
});

const ends: (() => unknown)[] = [];
afterEach(async () => {
  await Promise.all(ends.splice(0).map((end) => end()));
});

/** The owner of the commands as a gateway sees it. */
const anOwner = async (port = 0) => {
  const server = new WebSocketServer({ port, host: '127.0.0.1' });
  await once(server, 'listening');
  const streams: WebSocket[] = [];
  const wanted: unknown[] = [];
  const principals: unknown[] = [];
  server.on('connection', (socket, request) => {
    streams.push(socket);
    principals.push(readPrincipal(secrets, String(request.headers[PRINCIPAL_HEADER]))?.keyId);
    socket.on('message', (message) => wanted.push(JSON.parse((message as Buffer).toString())));
  });
  const stop = (): void => {
    for (const socket of server.clients) socket.terminate();
    server.close();
  };
  ends.push(stop);
  const tell = (...outcomes: Outcome[]): void => streams.at(-1)?.send(JSON.stringify(outcomes));
  return { port: (server.address() as AddressInfo).port, streams, wanted, principals, tell, stop };
};

const streamTo = (port: number, beatMs = LONG_MS): OutcomeStream => {
  const parts = { secrets, urlOf: () => `http://127.0.0.1:${port}` };
  const stream = new OutcomeStream('risk', parts, { tryEveryMs: 1, beatMs });
  ends.push(() => stream.close());
  return stream;
};

const next = (stream: OutcomeStream, n: number, waitMs = LONG_MS, signal?: AbortSignal) =>
  stream.next(idOf(n), 'yuhang', waitMs, signal);

/** It is opened by the first who need it. */
const opened = async (stream: OutcomeStream): Promise<void> => {
  await eventually(() => {
    if (!stream.open) void next(stream, 800);
    return stream.open;
  });
};

const connected = async (beatMs?: number) => {
  const owner = await anOwner();
  const stream = streamTo(owner.port, beatMs);
  await opened(stream);
  return { owner, stream };
};

describe('a stream of outcomes', () => {
  it('is opened when it is first needed, signed; until it stands the answer is to ask', async () => {
    const owner = await anOwner();
    const stream = streamTo(owner.port);
    expect(stream.open).toBe(false);
    expect(await next(stream, 1)).toBeNull();
    await opened(stream);
    expect(owner.principals).toEqual(['gateway']);
    expect(owner.wanted).toEqual([]);
  });

  it('brings what is waited for; what is wanted in one turn is said at once', async () => {
    const { owner, stream } = await connected();
    const waiting = [1, 2, 2].map((n) => next(stream, n));
    await eventually(() => owner.wanted.length > 0);
    const wanted = (n: number) => ({ commandId: idOf(n), tenant: 'yuhang', waitMs: LONG_MS });
    expect(owner.wanted).toEqual([[wanted(1), wanted(2), wanted(2)]]);
    owner.tell(anOutcome(3), anOutcome(2), anOutcome(1));
    expect(await Promise.all(waiting)).toEqual([anOutcome(1), anOutcome(2), anOutcome(2)]);
  });

  it('says nothing after the wait, to who left, and when it is closed', async () => {
    const { stream } = await connected();
    const leaving = new AbortController();
    const waiting = [
      next(stream, 1, 5),
      next(stream, 1, LONG_MS, leaving.signal),
      next(stream, 1, LONG_MS, AbortSignal.abort()),
    ];
    leaving.abort();
    expect(await Promise.all(waiting)).toEqual([null, null, null]);
    const last = next(stream, 2);
    stream.close();
    expect(await last).toBeNull();
    expect(await next(stream, 3)).toBeNull();
  });

  it('lets all go at once when it breaks, and finds the successor of its owner', async () => {
    const { owner, stream } = await connected();
    const waiting = [1, 2].map((n) => next(stream, n));
    await eventually(() => owner.wanted.length > 0);
    owner.stop();
    expect(await Promise.all(waiting)).toEqual([null, null]);
    const successor = await anOwner(owner.port);
    await opened(stream);
    const again = next(stream, 3);
    await eventually(() => successor.wanted.length > 0);
    successor.tell(anOutcome(3));
    expect(await again).toEqual(anOutcome(3));
  });

  it('does not wait for an owner that is frozen', async () => {
    const { owner, stream } = await connected(25);
    owner.streams[0]?.pause();
    expect(await next(stream, 1)).toBeNull();
    expect(stream.open).toBe(false);
  });

  it.each(['no JSON', '{}', '[{}]'])('is left when it says nonsense: %s', async (text) => {
    const { owner, stream } = await connected();
    const waiting = next(stream, 1);
    owner.streams[0]?.send(text);
    expect(await waiting).toBeNull();
  });
});

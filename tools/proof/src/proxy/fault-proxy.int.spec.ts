import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@linli/testing';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { FaultProxy } from './fault-proxy.js';

let server: Server;
let proxy: FaultProxy;
let served: Socket[];
let heard: string;

beforeEach(async () => {
  served = [];
  heard = '';
  server = createServer({ allowHalfOpen: true }, (socket) => {
    served.push(socket);
    socket.on('error', () => undefined);
    socket.on('data', (data) => {
      heard += data.toString();
      socket.write(data);
    });
    socket.on('end', () => socket.end());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  proxy = await FaultProxy.open({ target: { port: (server.address() as AddressInfo).port } });
});
afterEach(async () => {
  await proxy.close();
  for (const socket of served) socket.destroy();
  server.close();
});

interface Client {
  readonly socket: Socket;
  readonly received: () => string;
  readonly ended: () => boolean;
  readonly error: () => string | null;
}

const enter = async (): Promise<Client> => {
  const socket = connect({ port: proxy.port, host: '127.0.0.1' });
  let [text, error, ended]: [string, string | null, boolean] = ['', null, false];
  socket.on('data', (data) => (text += data.toString()));
  socket.on('error', (cause: NodeJS.ErrnoException) => (error = cause.code ?? cause.message));
  socket.on('end', () => (ended = true));
  await once(socket, 'connect');
  return { socket, received: () => text, ended: () => ended, error: () => error };
};

const echoed = (client: Client, text: string): Promise<boolean> =>
  eventually(() => client.received() === text, { what: `the echo ${text}` });

/** Time for bytes on loopback to arrive if something let them through. */
const aWhile = (client: Client): Promise<unknown> => {
  const direct = connect((server.address() as AddressInfo).port, '127.0.0.1');
  direct.write('.');
  return once(direct, 'data').then(() => (direct.destroy(), client));
};

describe('a fault proxy', () => {
  it('passes bytes and the end of a connection both ways, and counts them', async () => {
    const client = await enter();
    client.socket.end('over there');
    await echoed(client, 'over there');
    await eventually(() => client.ended());
    expect(proxy.counts()).toMatchObject({ connections: 1, bytes: { up: 10, down: 10 } });
    await eventually(() => proxy.counts().open === 0);
  });

  it('carries more than fits in its queue', async () => {
    const client = await enter();
    const text = 'x'.repeat(5_000_000);
    client.socket.write(text);
    await eventually(() => client.received().length === text.length);
    expect(proxy.counts().bytes).toEqual({ up: 5_000_000, down: 5_000_000 });
  });

  it('delays each piece, and does not reorder under jitter', async () => {
    proxy.set({ kind: 'latency', ms: 60, jitterMs: 40 }, 'up');
    const client = await enter();
    const began = performance.now();
    for (const piece of 'abcdefgh') {
      client.socket.write(piece);
      await new Promise(setImmediate);
    }
    await echoed(client, 'abcdefgh');
    expect(performance.now() - began).toBeGreaterThanOrEqual(60);
    expect(proxy.counts().met.latency).toBeGreaterThan(0);
  });

  it('holds to a bandwidth', async () => {
    proxy.set({ kind: 'bandwidth', bytesPerSecond: 100_000 }, 'down');
    const client = await enter();
    const began = performance.now();
    client.socket.write('x'.repeat(20_000));
    await eventually(() => client.received().length === 20_000);
    expect(performance.now() - began).toBeGreaterThanOrEqual(190);
    expect(proxy.counts().met.bandwidth).toBeGreaterThan(0);
  });

  it('is a black hole that keeps connections, takes new ones, and gives late what it held', async () => {
    const client = await enter();
    client.socket.write('before,');
    await echoed(client, 'before,');
    proxy.set({ kind: 'black-hole' });
    client.socket.end('during');
    const another = await enter();
    another.socket.write('anew');
    await eventually(() => proxy.counts().met['black-hole'] === 2);
    await aWhile(client);
    expect(heard.replace('.', '')).toBe('before,');
    expect([client.ended(), client.error(), another.error()]).toEqual([false, null, null]);
    proxy.heal();
    await echoed(client, 'before,during');
    await echoed(another, 'anew');
  });

  it('is half open: one direction is dead, the other works', async () => {
    const client = await enter();
    proxy.set({ kind: 'black-hole' }, 'down');
    client.socket.write('heard but not answered');
    await eventually(() => heard === 'heard but not answered');
    await eventually(() => proxy.counts().met['black-hole'] === 1);
    expect(client.received()).toBe('');
    proxy.heal();
    await echoed(client, 'heard but not answered');
  });

  it('resets what is open, and lets new connections in', async () => {
    const client = await enter();
    client.socket.write('x');
    await echoed(client, 'x');
    expect(proxy.reset()).toBe(1);
    await eventually(() => client.error() === 'ECONNRESET');
    const next = await enter();
    next.socket.write('y');
    await echoed(next, 'y');
    expect(proxy.counts()).toMatchObject({ connections: 2, met: { reset: 1 } });
  });

  it('resets whoever comes as long as it is told to', async () => {
    proxy.set({ kind: 'reset' });
    const refused = connect(proxy.port, '127.0.0.1');
    const [error] = (await once(refused, 'error')) as [NodeJS.ErrnoException];
    expect(error.code).toBe('ECONNRESET');
    expect(served).toEqual([]);
    proxy.heal();
    const next = await enter();
    next.socket.write('y');
    await echoed(next, 'y');
  });

  it('cuts a connection after so many bytes, which still pass', async () => {
    proxy.set({ kind: 'cut', afterBytes: 4 }, 'up');
    const client = await enter();
    client.socket.write('abcdefgh');
    await eventually(() => client.error() === 'ECONNRESET');
    expect(heard).toBe('abcd');
    expect(proxy.counts()).toMatchObject({ bytes: { up: 4 }, met: { cut: 1 } });
  });

  it('resets the client of a server that is not there', async () => {
    server.close();
    const lost = await FaultProxy.open({ target: { port: 1 } });
    const socket = connect(lost.port, '127.0.0.1');
    const [error] = (await once(socket, 'error')) as [NodeJS.ErrnoException];
    expect(error.code).toBe('ECONNRESET');
    await lost.close();
  });
});

import { afterEach, describe, expect, it } from '@jest/globals';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { openPool } from './session.js';

const message = (type: string, body: Buffer): Buffer => {
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length + 4);
  return Buffer.concat([Buffer.from(type), length, body]);
};
const authenticated = message('R', Buffer.alloc(4));
const readyForQuery = message('Z', Buffer.from('I'));
const gone = 'terminating connection due to unexpected postmaster exit';
const fatal = message('E', Buffer.from(`SFATAL\0VFATAL\0C57P01\0M${gone}\0\0`));

describe('a connection that breaks in the instant in which it is handed over', () => {
  let server: Server;
  afterEach(() => void server.close());

  /** A backend whose postmaster is dead says good-bye as soon as it waits for a query: often in the same packet. */
  const start = async (): Promise<number> => {
    server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => socket.end(Buffer.concat([authenticated, readyForQuery, fatal])));
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    return (server.address() as AddressInfo).port;
  };

  // An error that nobody hears fails the test.
  it('fails the statement, and not the process', async () => {
    const pool = openPool({
      ...{ url: `postgres://linli@127.0.0.1:${await start()}/linli`, schema: 'risk', role: null },
      ...{ applicationName: 'spec', poolSize: 1, onIdleError: () => undefined },
    });
    await expect(pool).rejects.toThrow(/not queryable|postmaster exit|terminated/u);
  });
});

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { MemberState } from './settings.js';

/** Answers every request with the state, on a free port; returns the URL. */
export const answerWith = async (state: () => Promise<MemberState>): Promise<string> => {
  const server = createServer((_request, response) => {
    state().then(
      (body) => response.end(JSON.stringify(body)),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

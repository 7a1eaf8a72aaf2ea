import type { Bus, Heal, JournalEntry } from '@linli/bus';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

type Route = (bus: Bus, query: URLSearchParams) => Promise<unknown>;

/** What operators and other services ask: its state, its journal, the release of a key. */
const routes: Readonly<Record<string, Route>> = {
  '/state': (bus) => bus.state(),
  '/release': (bus, query) => bus.releaseKey(query.get('key') ?? ''),
  '/journal': (bus, query) =>
    bus.journalSlice(
      query.get('topic') ?? '',
      ...(['partition', 'from', 'to'].map((name) => Number(query.get(name))) as [number, number, number]),
    ),
};

const answer = (bus: Bus, request: IncomingMessage): Promise<unknown> => {
  const { pathname, searchParams } = new URL(request.url ?? '', 'http://member');
  const route = routes[pathname];
  return route ? route(bus, searchParams) : Promise.reject(new Error(`no route ${pathname}`));
};

/** Serves the routes on a free port, or the given one; returns the base URL. */
export const listen = async (bus: Bus, port: number): Promise<string> => {
  const server = createServer((request, response) => {
    answer(bus, request).then(
      (body) => response.end(JSON.stringify(body)),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

/** Fetches missing facts from the journal of the member that told them. */
export const healOver =
  (base: string): Heal =>
  async (topic, partition, from, to) => {
    const query = new URLSearchParams({
      topic,
      ...{ partition: `${partition}`, from: `${from}`, to: `${to}` },
    });
    const response = await fetch(`${base}/journal?${query.toString()}`, {
      signal: AbortSignal.timeout(5_000),
    });
    if (!response.ok) throw new Error(`the journal answers ${response.status}`);
    const entries = (await response.json()) as (Omit<JournalEntry, 'at'> & { at: string })[];
    return entries.map((entry) => ({ ...entry, at: new Date(entry.at) }));
  };

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { memoryLog, type Log, type NewRecord } from '@linli/bus';
import {
  RISK_COMMANDS,
  RISK_INTAKE,
  type Command,
  type IntakeRecord,
  type IntakeView,
  type Outcome,
  type Principal,
} from '@linli/contracts';
import { systemClock, systemIds, systemRandom } from '@linli/kernel';
import {
  localSignals,
  readPrincipal,
  secretsFrom,
  startService,
  type Platform,
  type RunningService,
} from '@linli/service';
import { openDatabase } from '@linli/store';
import { embeddedDatabase } from '@linli/testing';
import { pino } from 'pino';
import type { WebSocketServer } from 'ws';
import { documented } from './documented.fixture.js';
import { gateway, type GatewayOptions } from './index.js';

export const BOOTSTRAP = 'a bootstrap key for tests';

const secrets = secretsFrom('a master secret of a test, 32 characters and more');

type Handler = (request: IncomingMessage, response: ServerResponse, principal: Principal) => void;

const json = (response: ServerResponse, status: number, body: unknown): void => {
  response.writeHead(status, {
    'content-type': status < 400 ? 'application/json' : 'application/problem+json',
  });
  response.end(JSON.stringify(body));
};

/** The risk service as the gateway sees it: an HTTP server that says what the test wants. */
export class FakeRisk {
  readonly asked: string[] = [];
  readonly principals: Principal[] = [];
  readonly outcomes = new Map<string, Outcome>();
  readonly routes = new Map<string, Handler>();
  view: IntakeView = { categories: {}, areas: {}, loadedAreas: null, credibilities: {} };
  away = false;
  /** Lets gateways listen to its outcomes. */
  streams: WebSocketServer | null = null;
  private readonly server: Server = createServer((request, response) => this.answer(request, response)).on(
    'upgrade',
    (request, socket, head) => {
      if (this.streams) this.streams.handleUpgrade(request, socket, head, () => undefined);
      else socket.destroy();
    },
  );

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Tells an outcome on the stream only. */
  tells(outcome: Outcome): void {
    for (const stream of this.streams?.clients ?? []) stream.send(JSON.stringify([outcome]));
  }

  breaks(): void {
    for (const stream of this.streams?.clients ?? []) stream.terminate();
  }

  close(): void {
    this.breaks();
    this.server.closeAllConnections();
    this.server.close();
  }

  says(path: string, status: number, body: unknown): void {
    this.routes.set(path, (_request, response) => json(response, status, body));
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const header = request.headers['linli-principal'];
    const principal = readPrincipal(secrets, typeof header === 'string' ? header : undefined);
    const url = request.url ?? '';
    this.asked.push(url);
    if (this.away || !principal) {
      response.destroy();
      return;
    }
    this.principals.push(principal);
    const path = url.split('?', 1)[0] ?? '';
    const commandId = /^\/internal\/outcomes\/(.+)$/u.exec(path)?.[1];
    const handler = this.routes.get(path);
    if (handler) {
      handler(request, response, principal);
    } else if (commandId) {
      const outcome = this.outcomes.get(commandId);
      json(response, outcome ? 200 : 404, outcome ?? { code: 'NONE' });
    } else if (path === '/internal/intake-view') {
      json(response, 200, this.view);
    } else {
      json(response, 404, { status: 404, code: 'NOT_THERE', title: 'Not Found', detail: '-', type: '-' });
    }
  }
}

/** A memory log that a test can switch off, and that shows what was published. */
class WatchedLog {
  readonly intake: IntakeRecord[] = [];
  readonly commands: Command[] = [];
  trouble: (() => Promise<void>) | null = null;
  onCommand: (command: Command) => void = () => undefined;
  readonly port: Log;

  constructor() {
    const inner = memoryLog({ clock: systemClock });
    this.port = Object.assign(Object.create(inner) as Log, {
      publish: async (topic: { name: string }, records: readonly NewRecord[]) => {
        await this.trouble?.();
        await inner.publish(topic as never, records);
        for (const { value } of records) {
          this.note(topic.name, JSON.parse(String(value)));
        }
      },
    });
  }

  private note(topic: string, value: unknown): void {
    if (topic === RISK_INTAKE.name) {
      this.intake.push(value as IntakeRecord);
    }
    if (topic === RISK_COMMANDS.name) {
      this.commands.push(value as Command);
      this.onCommand(value as Command);
    }
  }
}

export interface World {
  readonly url: string;
  readonly log: WatchedLog;
  readonly risk: FakeRisk;
  readonly gateway: RunningService;
  /** Requests as the bootstrap key, or as another; fails when the document does not hold the answer. */
  ask(path: string, init?: RequestInit & { key?: string }): Promise<Response>;
  post(path: string, body: unknown, headers?: Record<string, string>, key?: string): Promise<Response>;
  newKey(wanted: object): Promise<{ id: string; key: string }>;
  close(): Promise<void>;
}

const platformOn = (url: string, log: Log): Platform => ({
  clock: systemClock,
  ids: systemIds,
  random: systemRandom,
  log,
  signals: localSignals(),
  secrets,
  logger: pino({ level: 'silent' }),
  openDatabase: (schema, migrations) => openDatabase({ url, schema, migrations, allowUnsafe: true }),
});

/** A gateway on a real database, a memory log and a fake risk service. */
export const startWorld = async (
  options: Partial<GatewayOptions> = {},
  listening: { readonly drainMs?: number } = {},
): Promise<World> => {
  const postgres = await embeddedDatabase();
  const risk = new FakeRisk();
  const riskUrl = await risk.listen();
  const log = new WatchedLog();
  const service = await startService(
    gateway({ bootstrapKey: BOOTSTRAP, ...options }),
    platformOn(postgres.url, log.port),
    {
      port: 0,
      host: '127.0.0.1',
      urlOf: () => riskUrl,
      ...listening,
    },
  );
  const ask: World['ask'] = async (path, { key = BOOTSTRAP, headers, ...init } = {}) => {
    const response = await fetch(service.url + path, {
      ...init,
      headers: { authorization: `Bearer ${key}`, ...(headers as Record<string, string>) },
    });
    await documented(init.method ?? 'GET', path, response);
    return response;
  };
  const post: World['post'] = (path, body, headers = {}, key = BOOTSTRAP) =>
    ask(path, {
      method: 'POST',
      key,
      body: typeof body === 'string' ? body : JSON.stringify(body),
      headers: { 'content-type': 'application/json', ...headers },
    });
  return {
    url: service.url,
    log,
    risk,
    gateway: service,
    ask,
    post,
    newKey: async (wanted) =>
      (await post('/v1/api-keys', wanted)).json() as Promise<{ id: string; key: string }>,
    async close() {
      await service.stop();
      risk.close();
      await postgres.stop();
    },
  };
};

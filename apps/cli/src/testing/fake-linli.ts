import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  findCategory,
  RiskEvent,
  type IntakeItem,
  type Warning,
  type WarningExplanation,
} from '@linli/contracts';
import type { z } from 'zod';
import { FakeWarnings } from './fake-warnings.js';

/** How the fake misbehaves. */
export interface Faults {
  /** Counts every duplicate twice. */
  readonly overcounts?: boolean;
  /** Answers 503 to the first requests. */
  readonly unavailable?: number;
}

interface Reply {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Record<string, string>;
}

/** The public API with made-up rules, kept in memory: enough of the wire to test clients against. */
export class FakeLinli {
  readonly warnings = new FakeWarnings();
  /** Answers of the routes of operators, calendars and deadlines, by method and path, one after the other; the last one stays. */
  readonly ops = new Map<string, unknown[]>();
  readonly bodies: { path: string; key: string; body: unknown }[] = [];
  readonly #stored = new Set<string>();
  readonly #quarantined = new Set<string>();
  readonly #keys = new Map<string, string>();
  readonly #server = createServer((request, response) => void this.#serve(request, response));
  #duplicates = 0;
  #unavailable: number;

  constructor(private readonly faults: Faults = {}) {
    this.#unavailable = faults.unavailable ?? 0;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async start(): Promise<this> {
    await new Promise<void>((resolve) => void this.#server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  stop(): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((resolve) => void this.#server.close(() => resolve()));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = '';
    for await (const chunk of request.setEncoding('utf8')) text += chunk as string;
    const { status, body, headers } = this.#answer(request, text);
    const sent = typeof body === 'string' ? body : JSON.stringify(body);
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(sent);
  }

  #answer(request: IncomingMessage, text: string): Reply {
    if (this.#unavailable > 0) {
      this.#unavailable -= 1;
      return { status: 503, body: {}, headers: { 'retry-after': '0' } };
    }
    const { pathname: path, search } = new URL(request.url ?? '/', this.url);
    if (/^\/v1\/(?:ops|calendars|sla)(?:\/|$)/u.test(path))
      return this.#ops(`${request.method} ${path}`, search, text);
    const key = (request.headers.authorization ?? '').replace('Bearer ', '');
    if (request.method === 'GET') return this.#get(path);
    const body = JSON.parse(text) as unknown;
    this.bodies.push({ path, key, body });
    if (path === '/v1/risk-events') return this.#intake(body as unknown[]);
    if (path === '/v1/api-keys') return this.#newKey(body as { name: string });
    if (path === '/v1/areas') return { status: 200, body: {} };
    return this.#act(path, key, request.headers['if-match'] ?? '');
  }

  #ops(asked: string, search: string, text: string): Reply {
    this.bodies.push({ path: asked + search, key: '', body: text === '' ? null : JSON.parse(text) });
    const [answer, ...more] = this.ops.get(asked) ?? [];
    if (answer === undefined) return refusal(404, 'OPS_NOT_FOUND');
    if (more.length > 0) this.ops.set(asked, more);
    return { status: 200, body: answer };
  }

  #get(path: string): Reply {
    if (path === '/readyz') return { status: 200, body: { status: 'ready' } };
    if (path === '/v1/risk-events/summary') return { status: 200, body: this.#summary() };
    if (path === '/v1/warnings') return { status: 200, body: { items: this.warnings.list(), next: null } };
    const [, , , id = '', part] = path.split('/');
    const warning = this.warnings.get(id);
    if (!warning) return refusal(404, 'NOT_FOUND');
    if (part === 'explanation') return { status: 200, body: this.#explanation(id) };
    return { status: 200, body: warning, headers: { etag: `"${warning.version}"` } };
  }

  #summary() {
    const duplicates = this.#duplicates * (this.faults.overcounts ? 2 : 1);
    const stored = this.#stored.size;
    return {
      stored,
      duplicates,
      quarantined: this.#quarantined.size,
      counting: stored,
      exercises: 0,
      lastReceivedAt: null,
    };
  }

  #newKey({ name }: { name: string }): Reply {
    const key = `key-${this.#keys.size}`;
    this.#keys.set(key, name);
    return { status: 201, body: { id: key, key } };
  }

  #intake(events: readonly unknown[]): Reply {
    const items = events.map((event, index) => this.#take(event, index));
    const count = (status: string): number => items.filter((item) => item.status === status).length;
    const counts = {
      accepted: count('accepted'),
      rejected: count('rejected'),
      quarantined: count('quarantined'),
    };
    return { status: counts.rejected === items.length ? 422 : 202, body: { ...counts, items } };
  }

  #take(raw: unknown, index: number): IntakeItem {
    const { success, data: event, error } = RiskEvent.safeParse(raw);
    if (!success) {
      const pointer = `/${error.issues[0]?.path.join('/')}`;
      return { index, id: null, status: 'rejected', code: 'RSK_EVENT_INVALID', detail: 'is wrong', pointer };
    }
    if (!findCategory(event.category)) {
      this.#quarantined.add(event.id);
      return { index, id: event.id, status: 'quarantined' };
    }
    if (this.#stored.has(event.id)) this.#duplicates += 1;
    else this.warnings.count(event);
    this.#stored.add(event.id);
    return { index, id: event.id, status: 'accepted' };
  }

  #act(path: string, key: string, ifMatch: string): Reply {
    const [, , , id = '', verb] = path.split('/');
    const warning = this.warnings.get(id);
    if (!warning) return refusal(404, 'NOT_FOUND');
    if (ifMatch !== `"${warning.version}"`) return refusal(412, 'STALE');
    const at = warning.raisedAt;
    const acknowledgedBy = this.#keys.get(key) ?? 'unknown';
    const afterwards: Record<string, Partial<Warning>> = {
      issue: { status: 'issued', issuedAt: at },
      acknowledge: { status: 'acknowledged', acknowledgedAt: at, acknowledgedBy },
      verify: { status: 'confirmed', verifiedAt: at },
      'hand-over': { status: 'external', external: { body: 'other', reference: 'demo-1' } },
    };
    this.warnings.put({ ...warning, ...afterwards[verb ?? ''] });
    return { status: 200, body: this.warnings.get(id) };
  }

  #explanation(id: string): z.input<typeof WarningExplanation> | null {
    const warning = this.warnings.get(id);
    if (!warning) return null;
    return {
      ...{ warning, assessedAt: warning.raisedAt, ruleVersion: 'fake', score: 50, weightedSum: 1.73 },
      ...{ factors: [], events: [], eventsInWindow: 0, recomputed: { score: 50, equal: true }, lowering: [] },
      colour: { byScore: warning.colour, byFloor: null, byTrigger: null, triggers: [] },
    };
  }
}

const refusal = (status: number, code: string): Reply => ({
  status,
  body: { type: `/problems/${code}`, title: code, status, code, detail: code },
});

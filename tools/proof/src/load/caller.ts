import { setTimeout as delay } from 'node:timers/promises';
import type { History, LineType, Said } from '../history/history.js';

export interface Tenant {
  readonly name: string;
  readonly key: string;
}

/** One call that is made again, under the same key, until something is known. */
export interface Call {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly tenant: Tenant;
  readonly key: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** For the history: what is sent in a batch. */
  readonly ids?: readonly string[];
}

export interface Answer {
  readonly type: Exclude<LineType, 'invoke'>;
  readonly status: number | null;
  readonly body: unknown;
  readonly headers: Headers | null;
  readonly ms: number;
}

export interface CallerOptions {
  readonly history: History;
  /** Where the gateways are; each attempt goes to the next one. */
  readonly urls: () => readonly string[];
  readonly attempts?: number;
  readonly withinMs?: number;
  readonly onAnswer?: (answer: Answer) => void;
}

const FIRST_PAUSE_MS = 200;

const typeOf = (status: number): Answer['type'] => {
  if (status < 300) return 'ok';
  return status < 500 ? 'fail' : 'info';
};

const versionIn = (body: unknown): number | undefined => {
  const version = (body as { version?: unknown } | null)?.version;
  return typeof version === 'number' ? version : undefined;
};

const takenIn = (body: unknown): string[] | undefined => {
  const items = (body as { items?: { id: string; status: string }[] } | null)?.items;
  return items?.filter(({ status }) => status !== undefined && status !== 'rejected').map(({ id }) => id);
};

/** What of an answer goes into the history. */
const seenIn = ({ ids }: Call, { body, type }: Answer): Pick<Said, 'version' | 'ids'> => {
  const version = versionIn(body);
  const taken = ids && type === 'ok' ? takenIn(body) : undefined;
  return { ...(version === undefined ? {} : { version }), ...(taken ? { ids: taken } : {}) };
};

/** A careful client: five attempts with one key, to any gateway that answers, every one on record. */
export class Caller {
  private turn: number;

  constructor(
    private readonly p: number,
    private readonly options: CallerOptions,
  ) {
    this.turn = p;
  }

  async call(call: Call): Promise<Answer> {
    const { attempts = 5 } = this.options;
    for (let attempt = 1; ; attempt += 1) {
      const answer = await this.attempt(call);
      if (answer.type !== 'info' || attempt === attempts) return answer;
      await delay(FIRST_PAUSE_MS * 2 ** attempt);
    }
  }

  private async attempt(call: Call): Promise<Answer> {
    const { history, onAnswer } = this.options;
    const { key, tenant, method, path, ids } = call;
    const line = { p: this.p, i: history.nextAttempt(), key, cmd: `${method} ${path}`, tenant: tenant.name };
    history.add({ ...line, type: 'invoke', status: null, ...(ids ? { ids } : {}) });
    const answer = await this.send(call);
    history.add({ ...line, type: answer.type, status: answer.status, ...seenIn(call, answer) });
    onAnswer?.(answer);
    return answer;
  }

  private async send({ method, path, tenant, key, body, headers }: Call): Promise<Answer> {
    const began = performance.now();
    const ms = (): number => performance.now() - began;
    try {
      const response = await fetch(this.next() + path, {
        method,
        headers: {
          authorization: `Bearer ${tenant.key}`,
          ...(method === 'POST' ? { 'idempotency-key': key, 'content-type': 'application/json' } : {}),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(this.options.withinMs ?? 8000),
      });
      const text = await response.text();
      const known = /json/u.test(response.headers.get('content-type') ?? '') ? JSON.parse(text) : null;
      const { status } = response;
      return { type: typeOf(status), status, body: known as unknown, headers: response.headers, ms: ms() };
    } catch {
      return { type: 'info', status: null, body: null, headers: null, ms: ms() };
    }
  }

  private next(): string {
    const urls = this.options.urls();
    this.turn += 1;
    return urls[this.turn % urls.length] ?? '';
  }
}

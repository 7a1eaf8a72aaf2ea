import { randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { Operation, Problem } from '@linli/contracts';
import type { z } from 'zod';
import { Declined, NotReachable } from './faults.js';
import { until } from './until.js';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

const ANSWER_WITHIN_MS = 30_000;
const TRIES = 6;
const LONGEST_PAUSE_S = 5;

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
};

const declined = ({ status, body }: Answer): Declined => {
  const problem = Problem.safeParse(body);
  return problem.success
    ? new Declined(status, problem.data.code, problem.data.detail, body)
    : new Declined(status, 'NO_PROBLEM_DOCUMENT', String(body).slice(0, 200), body);
};

/** A client of the public API, as any other: a base URL and a key. Gives up when `signal` says so. */
export class Api {
  readonly url: string;

  constructor(
    url: string,
    private readonly key: string,
    private readonly signal: AbortSignal = new AbortController().signal,
  ) {
    this.url = url.replace(/\/+$/u, '');
  }

  /** The same system with another key. */
  as(key: string): Api {
    return new Api(this.url, key, this.signal);
  }

  async get<S extends z.ZodType>(path: string, schema: S): Promise<z.output<S>> {
    return schema.parse((await this.#good(path, {})).body);
  }

  /** The resource with its ETag. */
  async getTagged<S extends z.ZodType>(
    path: string,
    schema: S,
  ): Promise<{ value: z.output<S>; etag: string }> {
    const { body, headers } = await this.#good(path, {});
    return { value: schema.parse(body), etag: headers.get('etag') ?? '' };
  }

  /** A wish that may take its time: where the answer is 202, its operation is followed to the end. */
  async command(path: string, body: unknown, ifMatch?: string): Promise<unknown> {
    const answer = await this.#good(
      path,
      this.#json(body, ifMatch === undefined ? {} : { 'if-match': ifMatch }),
    );
    const location = answer.headers.get('location');
    return answer.status === 202 && location !== null ? this.#follow(location) : answer.body;
  }

  /** Posts a body whose answer is wanted whatever its status. */
  post(path: string, body: unknown): Promise<Answer> {
    return this.request(path, this.#json(body, {}));
  }

  /** Lines of NDJSON as they come: for work that takes its time. */
  async *lines<S extends z.ZodType>(path: string, body: unknown, schema: S): AsyncGenerator<z.output<S>> {
    const { headers, ...init } = this.#json(body, {});
    const response = await fetch(this.url + path, {
      ...init,
      headers: { ...(headers as Record<string, string>), authorization: `Bearer ${this.key}` },
      signal: this.signal,
    }).catch((error: unknown) => Promise.reject(new NotReachable(this.url, error)));
    if (!response.ok)
      throw declined({
        ...{ status: response.status, headers: response.headers, body: parsed(await response.text()) },
      });
    if (!response.body) return;
    for await (const line of createInterface({ input: Readable.fromWeb(response.body as never) }))
      yield schema.parse(JSON.parse(line));
  }

  async #follow(location: string): Promise<unknown> {
    const path = location.startsWith('http') ? new URL(location).pathname : location;
    const ended = await until(
      async () => {
        const operation = await this.get(path, Operation);
        return operation.status === 'pending' ? undefined : operation;
      },
      () => `the end of ${path}`,
    );
    if (ended.status === 'done') return ended.resource;
    const { status, code, detail } = ended.problem ?? { status: 0, code: ended.status, detail: path };
    throw new Declined(status, code, detail, ended);
  }

  #json(body: unknown, more: Record<string, string>): RequestInit {
    return {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json', 'idempotency-key': randomUUID(), ...more },
    };
  }

  async #good(path: string, init: RequestInit): Promise<Answer> {
    const answer = await this.request(path, init);
    if (answer.status >= 300) throw declined(answer);
    return answer;
  }

  /** One request; 429, 503 and silence are tried again for a while, as the wire allows. */
  async request(path: string, init: RequestInit): Promise<Answer> {
    for (let attempt = 1; ; attempt += 1) {
      const answer = await this.once(path, init).catch((error: unknown) => {
        if (attempt === TRIES || this.signal.aborted) throw error;
        return null;
      });
      if (answer !== null && ((answer.status !== 429 && answer.status !== 503) || attempt === TRIES))
        return answer;
      const asked = Number(answer?.headers.get('retry-after') ?? 0.2 * attempt);
      await pause(Math.min(Number.isFinite(asked) ? asked : 1, LONGEST_PAUSE_S) * 1000);
    }
  }

  /** One request, once. */
  async once(path: string, init: RequestInit): Promise<Answer> {
    const headers = new Headers(init.headers);
    headers.set('authorization', `Bearer ${this.key}`);
    try {
      const response = await fetch(this.url + path, {
        ...init,
        headers,
        signal: AbortSignal.any([this.signal, AbortSignal.timeout(ANSWER_WITHIN_MS)]),
      });
      return { status: response.status, headers: response.headers, body: parsed(await response.text()) };
    } catch (error) {
      throw new NotReachable(this.url, error);
    }
  }
}

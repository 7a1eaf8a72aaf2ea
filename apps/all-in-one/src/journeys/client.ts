/** A district platform's view of the system: HTTP and nothing else. */
export interface Answer<T = Record<string, unknown>> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: T;
}

export interface CallOptions {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export class Client {
  constructor(
    readonly url: string,
    readonly key: string,
  ) {}

  async call<T = Record<string, unknown>>(
    method: string,
    path: string,
    options: CallOptions = {},
  ): Promise<Answer<T>> {
    const { body } = options;
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.key}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...options.headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const json = /[/+]json/u.test(response.headers.get('content-type') ?? '');
    return {
      status: response.status,
      headers: response.headers,
      body: (json ? JSON.parse(text) : text) as T,
    };
  }

  get<T = Record<string, unknown>>(path: string, headers: Record<string, string> = {}): Promise<Answer<T>> {
    return this.call<T>('GET', path, { headers });
  }

  post<T = Record<string, unknown>>(
    path: string,
    body: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer<T>> {
    return this.call<T>('POST', path, { body, headers });
  }

  /** Another client of the same system, with a key of its own. */
  async withKey(name: string, scopes: readonly string[], areas?: readonly string[]): Promise<Client> {
    const made = await this.post<{ key: string }>('/v1/api-keys', {
      name,
      scopes,
      ...(areas ? { areas } : {}),
    });
    if (made.status !== 201) throw new Error(`no key: ${JSON.stringify(made.body)}`);
    return this.as(made.body.key);
  }

  /** A client of the same system with another key. */
  as(key: string): Client {
    return new Client(this.url, key);
  }
}

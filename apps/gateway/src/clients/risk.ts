import type { Principal } from '@linli/contracts';
import { refuse, Refused } from '@linli/kernel';
import { CORRELATION_HEADER, PRINCIPAL_HEADER, signPrincipal, type ServiceParts } from '@linli/service';

/** On whose behalf a service is asked. */
export interface Asking {
  readonly caller: Principal;
  readonly correlationId: string;
  /** Gives up when it fires (the client went away). */
  readonly signal?: AbortSignal;
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly withinMs?: number;
}

const WITHIN_MS = 3000;

const queryText = (query: Asking['query'] = {}): string => {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) {
      search.set(name, String(value));
    }
  }
  return search.size === 0 ? '' : `?${search.toString()}`;
};

const away = (cause: unknown): Refused =>
  Object.assign(
    new Refused(
      refuse('GTW_OWNER_UNAVAILABLE', 'unavailable', 'The risk service does not answer right now.'),
    ),
    { cause },
  );

/** The risk service over HTTP, asked as a principal. Its refusals come back as they are, its faults as 503. */
export class RiskClient {
  constructor(private readonly parts: Pick<ServiceParts, 'urlOf' | 'secrets' | 'tracing'>) {}

  async get(path: string, asking: Asking): Promise<Response> {
    const response = await this.fetched(path, asking, AbortSignal.timeout(asking.withinMs ?? WITHIN_MS));
    if (response.status >= 500 || response.status === 401) {
      await response.body?.cancel();
      throw away(new Error(`GET ${path} was answered ${response.status}`));
    }
    return response;
  }

  /** A stream: only the client ends it. */
  stream(path: string, asking: Asking): Promise<Response> {
    return this.fetched(path, asking);
  }

  private async fetched(path: string, asking: Asking, limit?: AbortSignal): Promise<Response> {
    const signals = [limit, asking.signal].filter((signal): signal is AbortSignal => signal !== undefined);
    const traceparent = this.parts.tracing?.traceparent();
    try {
      return await fetch(this.parts.urlOf('risk') + path + queryText(asking.query), {
        headers: {
          ...asking.headers,
          [PRINCIPAL_HEADER]: signPrincipal(this.parts.secrets, asking.caller),
          [CORRELATION_HEADER]: asking.correlationId,
          ...(traceparent && { traceparent }),
        },
        signal: AbortSignal.any(signals),
      });
    } catch (error) {
      throw away(error);
    }
  }
}

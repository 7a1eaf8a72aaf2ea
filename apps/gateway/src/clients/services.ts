import { Problem } from '@linli/contracts';
import { refuse, Refused } from '@linli/kernel';
import { CORRELATION_HEADER, PRINCIPAL_HEADER, signPrincipal, type ServiceParts } from '@linli/service';
import type { z } from 'zod';
import { refusalOf } from './outcome-refusal.js';
import type { Asking } from './risk.js';

const WITHIN_MS = 6000;

const away = (service: string, cause: unknown): Refused =>
  Object.assign(
    new Refused(
      refuse('GTW_OWNER_UNAVAILABLE', 'unavailable', `The ${service} service does not answer right now.`),
    ),
    { cause },
  );

/** A question, with a body where it needs one. */
export type Question = Asking & { readonly body?: unknown };

/** Any service over HTTP, asked as a principal. Its refusals come back as they are, its faults as 503. */
export class ServiceClient {
  constructor(private readonly parts: Pick<ServiceParts, 'urlOf' | 'secrets'>) {}

  async ask<S extends z.ZodType>(
    service: string,
    path: string,
    schema: S,
    asking: Question,
  ): Promise<z.output<S>> {
    const limit = AbortSignal.timeout(asking.withinMs ?? WITHIN_MS);
    const response = await this.fetched(service, path, asking, limit);
    return schema.parse(
      await response.json().catch((error: unknown) => Promise.reject(away(service, error))),
    );
  }

  /** Lines as they come; only the client ends it. */
  stream(service: string, path: string, asking: Question): Promise<Response> {
    return this.fetched(service, path, asking);
  }

  /** For the outcomes of commands to a service. */
  outcomesOf(service: string): { get(path: string, asking: Asking): Promise<Response> } {
    return {
      get: (path, asking) =>
        this.once(service, path, asking, AbortSignal.timeout(asking.withinMs ?? WITHIN_MS)),
    };
  }

  private async fetched(
    service: string,
    path: string,
    asking: Question,
    limit?: AbortSignal,
  ): Promise<Response> {
    const response = await this.once(service, path, asking, limit);
    if (response.ok) return response;
    const problem = Problem.safeParse(await response.json().catch(() => null));
    if (!problem.success || response.status >= 500 || response.status === 401)
      throw away(service, new Error(`${path} was answered ${response.status}`));
    throw new Refused(refusalOf(problem.data));
  }

  private async once(
    service: string,
    path: string,
    { caller, correlationId, query = {}, signal, body }: Question,
    limit?: AbortSignal,
  ): Promise<Response> {
    const signals = [limit, signal].filter((one): one is AbortSignal => one !== undefined);
    const search = new URLSearchParams();
    for (const [name, value] of Object.entries(query))
      if (value !== undefined) search.set(name, String(value));
    try {
      return await fetch(
        `${this.parts.urlOf(service)}${path}${search.size > 0 ? `?${search.toString()}` : ''}`,
        {
          method: body === undefined ? 'GET' : 'POST',
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
          headers: {
            [PRINCIPAL_HEADER]: signPrincipal(this.parts.secrets, caller),
            [CORRELATION_HEADER]: correlationId,
            ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          },
          signal: AbortSignal.any(signals),
        },
      );
    } catch (error) {
      throw away(service, error);
    }
  }
}

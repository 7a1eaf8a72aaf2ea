import { commandTopics, Problem } from '@linli/contracts';
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

const notFound = (): Refused =>
  new Refused(refuse('OPS_NOT_FOUND', 'not-found', 'There is nothing with this id.'));

/** The services that operators can look into, in the order in which lists go through them. */
export const opsServices: readonly string[] = Object.keys(commandTopics);

export interface OpsId {
  readonly service: string;
  readonly id: string;
}

const ID = /^([a-z][a-z-]*)\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/u;

/** `<service>.<uuid>`; what is none names nothing (404). */
export const opsIdOf = (text: string): OpsId => {
  const [, service = '', id = ''] = ID.exec(text.toLowerCase()) ?? [];
  if (!opsServices.includes(service)) throw notFound();
  return { service, id };
};

export const knownService = (name: string): string => {
  if (!opsServices.includes(name)) throw notFound();
  return name;
};

type OpsAsking = Asking & { readonly body?: unknown };

/** The operators' side of a service, over HTTP. Its refusals come back as they are, its faults as 503. */
export class OpsClient {
  constructor(private readonly parts: Pick<ServiceParts, 'urlOf' | 'secrets'>) {}

  async ask<S extends z.ZodType>(
    service: string,
    path: string,
    schema: S,
    asking: OpsAsking,
  ): Promise<z.output<S>> {
    const limit = AbortSignal.timeout(asking.withinMs ?? WITHIN_MS);
    const response = await this.fetched(service, path, asking, limit);
    return schema.parse(
      await response.json().catch((error: unknown) => Promise.reject(away(service, error))),
    );
  }

  /** Lines as they come; only the client ends it. */
  stream(service: string, path: string, asking: OpsAsking): Promise<Response> {
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
    asking: OpsAsking,
    limit?: AbortSignal,
  ): Promise<Response> {
    const response = await this.once(service, `/internal/ops${path}`, asking, limit);
    if (response.ok) return response;
    const problem = Problem.safeParse(await response.json().catch(() => null));
    if (!problem.success || response.status >= 500 || response.status === 401)
      throw away(service, new Error(`${path} was answered ${response.status}`));
    throw new Refused(refusalOf(problem.data));
  }

  private async once(
    service: string,
    path: string,
    { caller, correlationId, query = {}, signal, body }: OpsAsking,
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

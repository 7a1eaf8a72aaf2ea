import type { Principal } from '@linli/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { RiskClient } from '../clients/risk.js';
import { leaving } from '../api/leaving.js';

/** Where the owner answers an operation: the same name under /internal, its parameters filled in and encoded. */
export const internalPath = (path: string, params: Readonly<Record<string, string>>): string =>
  path
    .replace(/^\/v1/u, '/internal')
    .replaceAll(/\{([a-z]+)\}/giu, (_, name: string) => encodeURIComponent(params[name] ?? ''));

/** A segment that URLs resolve instead of sending: it must never reach a path that we build. */
export const isDotSegment = (text: string): boolean => text === '.' || text === '..';

/** Asks the owner the same question on behalf of the caller, and passes its answer on. */
export const passOn = async (
  risk: RiskClient,
  caller: Principal,
  request: FastifyRequest,
  reply: FastifyReply,
  query: Readonly<Record<string, unknown>> = {},
): Promise<string> => {
  const path = request.routeOptions.config.operation?.path ?? '';
  const response = await risk.get(internalPath(path, request.params as Record<string, string>), {
    caller,
    correlationId: request.id,
    signal: leaving(reply),
    query: query as Record<string, string | number | undefined>,
  });
  void reply.code(response.status).type(response.headers.get('content-type') ?? 'application/json');
  return response.text();
};

import type { Principal, Scope } from '@linli/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { leaving } from '../api/leaving.js';
import type { CommandDoor, Order } from './command-door.js';
import { wishKeyOf } from './preconditions.js';
import { preferenceOf } from './prefer.js';
import type { Wish } from './wish.js';

const header = (request: FastifyRequest, name: string): string | undefined => {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(',') : value;
};

/** Reads the headers of a command, has it taken, and answers. */
export const placeOrder = async (
  door: CommandDoor,
  caller: Principal,
  request: FastifyRequest,
  reply: FastifyReply,
  wish: Omit<Wish, 'route'>,
): Promise<unknown> => {
  const order: Order = {
    wish: { ...wish, route: `${request.method} ${request.url.split('?', 1)[0]?.toLowerCase()}` },
    key: wishKeyOf(request.headers['idempotency-key']),
    preference: preferenceOf(header(request, 'prefer')),
    scope: request.routeOptions.config.operation?.scope as Scope,
    asking: { caller, correlationId: request.id, signal: leaving(reply) },
  };
  const { status, headers, body } = await door.take(order);
  void reply.code(status).headers(headers);
  return status === 204 ? undefined : body;
};

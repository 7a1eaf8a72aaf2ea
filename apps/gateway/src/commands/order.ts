import type { Principal, Scope } from '@linli/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { leaving } from '../api/leaving.js';
import type { CommandDoor, Order, Settled } from './command-door.js';
import { wishKeyOf } from './preconditions.js';
import { preferenceOf } from './prefer.js';
import type { Wish } from './wish.js';

const header = (request: FastifyRequest, name: string): string | undefined => {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(',') : value;
};

/** What a request asks for: its wish, and how it was sent. */
export const orderOf = (
  caller: Principal,
  request: FastifyRequest,
  reply: FastifyReply,
  wish: Omit<Wish, 'route'>,
): Order => ({
  wish: { ...wish, route: `${request.method} ${request.url.split('?', 1)[0]?.toLowerCase()}` },
  key: wishKeyOf(request.headers['idempotency-key']),
  preference: preferenceOf(header(request, 'prefer')),
  scope: request.routeOptions.config.operation?.scope as Scope,
  asking: { caller, correlationId: request.id, signal: leaving(reply) },
});

/** Answers with what came of an order. */
export const settle = (reply: FastifyReply, { status, headers, body }: Settled): unknown => {
  void reply.code(status).headers(headers);
  return status === 204 ? undefined : body;
};

/** Reads the headers of a command, has it taken, and answers. */
export const placeOrder = async (
  door: CommandDoor,
  caller: Principal,
  request: FastifyRequest,
  reply: FastifyReply,
  wish: Omit<Wish, 'route'>,
): Promise<unknown> => settle(reply, await door.take(orderOf(caller, request, reply, wish)));

import type { FastifyReply } from 'fastify';

/** A signal that fires when the client goes away. */
export const leaving = (reply: FastifyReply): AbortSignal => {
  const left = new AbortController();
  reply.raw.once('close', () => left.abort());
  return left.signal;
};

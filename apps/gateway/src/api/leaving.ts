import type { FastifyReply } from 'fastify';

/** A signal that fires when the client goes away before it has its answer. */
export const leaving = (reply: FastifyReply): AbortSignal => {
  const left = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) {
      left.abort();
    }
  });
  return left.signal;
};

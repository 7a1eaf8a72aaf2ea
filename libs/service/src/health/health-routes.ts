import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Health } from './health.js';
import type { ProcessMetrics } from '../metrics/process-metrics.js';

const answer = (reply: FastifyReply, status: string, reasons: readonly string[]): FastifyReply =>
  reply
    .code(reasons.length === 0 ? 200 : 503)
    .send({ status: reasons.length === 0 ? status : `not ${status}`, reasons });

/** `/livez`, `/readyz`, `/metrics`: open to everybody, named in `openRoutes`. */
export const mountHealth = (fastify: FastifyInstance, health: Health, metrics: ProcessMetrics): void => {
  fastify.get('/livez', async (_request, reply) => answer(reply, 'live', await health.live()));
  fastify.get('/readyz', async (_request, reply) => answer(reply, 'ready', await health.ready()));
  fastify.get('/metrics', async (_request, reply) =>
    reply.type(metrics.contentType).send(await metrics.page()),
  );
};

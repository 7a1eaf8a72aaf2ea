import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';

/** One line for each request, at debug. Never a query, a body or a credential. */
export const logRequests = (fastify: FastifyInstance, logger: Logger): void => {
  fastify.addHook('onResponse', (request, reply, done) => {
    if (!logger.isLevelEnabled('debug')) return done();
    const line = {
      method: request.method,
      route: request.routeOptions.url ?? 'unknown',
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime * 10) / 10,
      tenant: request.principal?.tenant,
      correlationId: request.id,
    };
    logger.debug(line, 'answered');
    done();
  });
};

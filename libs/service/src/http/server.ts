import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { answerErrorsWith, type AnswerError, unknownRoute } from './answer-errors.js';
import { takePlainBodies } from './body-form.js';
import { parseJson } from './json.js';
import { answerRaw } from './raw-errors.js';
import { Routes } from './routes.js';
import { securityHeaders } from './security-headers.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route reads its bodies itself: it gets the bytes. */
    rawBody?: boolean;
  }
}

export const CORRELATION_HEADER = 'x-correlation-id';

const KEEP_ALIVE_MS = 72_000;

/** What the client calls its request, or the trace that it is part of. */
const correlationOf = (request: Pick<IncomingMessage, 'headers'>): string => {
  const given = request.headers[CORRELATION_HEADER];
  if (typeof given === 'string' && /^[\w.:-]{1,64}$/u.test(given)) return given;
  const trace = /^00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$/u.exec(String(request.headers['traceparent']));
  return trace?.[1] ?? randomUUID();
};

const optionsWith = (answer: AnswerError) => ({
  logger: false,
  skipMiddie: true,
  genReqId: correlationOf,
  requestIdHeader: false as const,
  bodyLimit: 256 * 1024,
  keepAliveTimeout: KEEP_ALIVE_MS,
  requestTimeout: 30_000,
  exposeHeadRoutes: false,
  return503OnClosing: false,
  routerOptions: { maxParamLength: 2048 },
  http: { maxHeaderSize: 16 * 1024, headersTimeout: 10_000 },
  clientErrorHandler: answerRaw,
  frameworkErrors: (...[error, request, reply]: Parameters<AnswerError>) => {
    answer(error, request, reply.headers(securityHeaders));
  },
});

/** Nest's adapter with our answers to errors instead of its own. */
class ProblemAdapter extends FastifyAdapter {
  constructor(
    private readonly answer: AnswerError,
    options: ReturnType<typeof optionsWith>,
  ) {
    super(options as never);
  }

  override setErrorHandler(): ReturnType<FastifyAdapter['setErrorHandler']> {
    return this.getInstance().setErrorHandler(this.answer);
  }

  /** Set before the routes are, in `serverFor`. */
  override setNotFoundHandler(): ReturnType<FastifyAdapter['setNotFoundHandler']> {
    return this.getInstance() as ReturnType<FastifyAdapter['setNotFoundHandler']>;
  }
}

const markEveryAnswer = (fastify: FastifyInstance): void => {
  fastify.addHook('onRequest', (request, reply, done) => {
    reply.headers(securityHeaders).header(CORRELATION_HEADER, request.id);
    done();
  });
};

const answerUnknownRoutes = (fastify: FastifyInstance, routes: Routes, answer: AnswerError): void => {
  fastify.setNotFoundHandler((request, reply) => {
    answer(unknownRoute(routes.methodsOf(request.url.split('?', 1)[0] ?? '')), request, reply);
  });
};

export interface Server {
  readonly adapter: FastifyAdapter;
  readonly fastify: FastifyInstance;
  readonly routes: Routes;
  readonly answer: AnswerError;
}

/** An HTTP server with our limits, headers and errors; JSON is the only body it takes. */
export const serverFor = (logger: Logger): Server => {
  const answer = answerErrorsWith(logger);
  const adapter = new ProblemAdapter(answer, optionsWith(answer));
  const fastify = adapter.getInstance();
  const routes = new Routes(fastify);
  fastify.decorateRequest('principal', null);
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    try {
      done(null, request.routeOptions.config.rawBody ? body : parseJson(body as Buffer));
    } catch (error) {
      done(error as Error);
    }
  });
  markEveryAnswer(fastify);
  takePlainBodies(fastify);
  answerUnknownRoutes(fastify, routes, answer);
  return { adapter, fastify, routes, answer };
};

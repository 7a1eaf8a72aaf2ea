import {
  context,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type Context,
  type Tracer,
} from '@opentelemetry/api';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isOpenRoute } from '../health/open-routes.js';

const began = (tracer: Tracer, request: FastifyRequest): Context => {
  const parent = propagation.extract(ROOT_CONTEXT, request.headers);
  const route = request.routeOptions.url;
  const attributes = {
    'http.request.method': request.method,
    'url.scheme': 'http',
    'url.path': request.url.split('?', 1)[0] ?? '',
    ...(route !== undefined && { 'http.route': route }),
    'linli.correlation_id': request.id,
  };
  const name = route === undefined ? request.method : `${request.method} ${route}`;
  return trace.setSpan(parent, tracer.startSpan(name, { kind: SpanKind.SERVER, attributes }, parent));
};

/** A server span around each request, in the trace of its `traceparent`. */
export const traceRequests = (fastify: FastifyInstance, tracer: Tracer): void => {
  const contexts = new WeakMap<FastifyRequest, Context>();
  fastify.addHook('onRequest', (request, reply, done) => {
    if (isOpenRoute(request.routeOptions.url)) return done();
    const own = began(tracer, request);
    contexts.set(request, own);
    reply.raw.once('close', () => {
      const span = trace.getSpan(own);
      span?.setAttribute('http.response.status_code', reply.statusCode);
      if (reply.statusCode >= 500) span?.setStatus({ code: SpanStatusCode.ERROR });
      span?.end();
    });
    return context.with(own, done);
  });
  // The body came in by events of the socket, which know nothing of the request.
  fastify.addHook('preValidation', (request, _reply, done) => {
    context.with(contexts.get(request) ?? context.active(), done);
  });
};

import { refuse, Refused } from '@linli/kernel';
import type { FastifyInstance } from 'fastify';
import { mountOutcomes } from '../outcomes/outcome-stream.js';
import type { ServiceParts } from '../service.js';
import { PRINCIPAL_HEADER, readPrincipal } from './signed-principal.js';
import { isOpenRoute } from '../health/open-routes.js';

/** Lets in only who carries a principal signed by the gateway; runs before the body is read. Opens the stream of outcomes. */
export const internalDoor = (
  fastify: FastifyInstance,
  { bus, secrets }: Pick<ServiceParts, 'bus' | 'secrets'>,
): void => {
  if (bus) mountOutcomes(fastify, { bus, secrets });
  fastify.addHook('onRequest', (request, _reply, done) => {
    if (isOpenRoute(request.routeOptions.url)) {
      done();
      return;
    }
    const header = request.headers[PRINCIPAL_HEADER];
    request.principal = readPrincipal(secrets, typeof header === 'string' ? header : undefined);
    done(
      request.principal
        ? undefined
        : new Refused(refuse('UNAUTHENTICATED', 'unauthenticated', 'Only the gateway may ask this service.')),
    );
  });
};

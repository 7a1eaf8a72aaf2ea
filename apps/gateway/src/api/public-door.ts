import type { Principal } from '@linli/contracts';
import { refuse, Refused } from '@linli/kernel';
import { isOpenRoute, RefusedWith } from '@linli/service';
import type { FastifyInstance, FastifyRequest, RouteOptions } from 'fastify';
import { askingBrowser, bearerOf } from '../access/browser.js';
import type { Keyring } from '../access/keyring.js';
import type { Operation } from './operation.js';

const declare = (route: RouteOptions): void => {
  const operation = route.config?.operation;
  if (!operation && !isOpenRoute(route.url)) {
    throw new Error(`${String(route.method)} ${route.url} serves no operation: say which one, and its scope`);
  }
  if (operation?.bodyLimit !== undefined) {
    route.bodyLimit = operation.bodyLimit;
  }
};

const mediaTypeOf = (request: FastifyRequest): string | undefined =>
  request.headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase();

const checkMediaType = (operation: Operation, request: FastifyRequest): void => {
  const type = mediaTypeOf(request);
  if (type !== undefined && operation.bodies && !(type in operation.bodies)) {
    const known = Object.keys(operation.bodies).join(', ');
    throw new RefusedWith(refuse('MEDIA_TYPE_UNSUPPORTED', 'unsupported', `This route takes ${known}.`), {
      headers: { 'accept-post': known },
    });
  }
};

const callerOf = (operation: Operation, { headers }: FastifyRequest, keyring: Keyring): Promise<Principal> =>
  operation.byBrowser
    ? keyring.principalOf(bearerOf(headers.authorization)).catch(askingBrowser)
    : keyring.principalOf(headers.authorization);

const admit = async (operation: Operation, request: FastifyRequest, keyring: Keyring): Promise<void> => {
  if (operation.scope !== null) {
    const principal = await callerOf(operation, request, keyring);
    if (operation.scope !== 'any' && !principal.scopes.includes(operation.scope)) {
      throw new Refused(
        refuse('GTW_SCOPE_MISSING', 'forbidden', `The key lacks the scope ${operation.scope}.`),
      );
    }
    request.principal = principal;
  }
  checkMediaType(operation, request);
};

const TEXT_TYPES = [
  'application/x-ndjson',
  'application/cloudevents+json',
  'application/cloudevents-batch+json',
];

/**
 * The public door: a route that serves no operation of the table fails at start-up; who asks is known, and may, before
 * the body is read.
 */
export const openPublicDoor = (fastify: FastifyInstance, keyring: Keyring): void => {
  fastify.addHook('onRoute', declare);
  fastify.addHook('onRequest', async (request) => {
    const { operation } = request.routeOptions.config;
    if (operation) {
      await admit(operation, request, keyring);
    }
  });
  fastify.addContentTypeParser(TEXT_TYPES, { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
};

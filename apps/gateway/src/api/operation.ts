import type { Scope } from '@linli/contracts';
import { applyDecorators, HttpCode, RequestMapping, RequestMethod } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { z } from 'zod';

/** An answer that is not a problem. */
export interface Answer {
  readonly means: string;
  readonly body?: z.ZodType;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * One operation of the public API. The table of these is the API: routes, scopes, limits and the OpenAPI document are
 * all made from it.
 */
export interface Operation {
  readonly id: string;
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** As in OpenAPI: `/v1/warnings/{id}`. */
  readonly path: string;
  /** What a key needs. `any`: a valid key. Null: nothing, open to everybody. */
  readonly scope: Scope | 'any' | null;
  readonly tag: string;
  readonly summary: string;
  readonly describes?: string;
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly headers?: Readonly<Record<string, { means: string; required?: boolean }>>;
  /** Bodies by media type. */
  readonly bodies?: Readonly<Record<string, z.ZodType | 'text'>>;
  readonly bodyMayMiss?: boolean;
  readonly bodyLimit?: number;
  readonly rawBody?: boolean;
  readonly answers: Readonly<Record<number, Answer>>;
  /** Codes of problems by status, beside those that follow from the rest (401, 403, 413, 415 …). */
  readonly problems?: Readonly<Record<number, readonly string[]>>;
  /** Not in the document: pages for people. */
  readonly unlisted?: boolean;
  /** People open it with a browser, which shows a key by HTTP Basic: as the password, under any name. */
  readonly byBrowser?: boolean;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    operation?: Operation;
  }
}

/** The path as the router writes it: `/v1/warnings/:id`. */
export const routeOf = ({ path }: Pick<Operation, 'path'>): string =>
  path.replaceAll(/\{([a-z]+)\}/giu, ':$1');

const methods = { GET: RequestMethod.GET, POST: RequestMethod.POST, DELETE: RequestMethod.DELETE } as const;

/** Makes a method of a controller the handler of an operation. */
export const Serves = (operation: Operation): MethodDecorator =>
  applyDecorators(
    RequestMapping({ method: methods[operation.method], path: routeOf(operation) }),
    HttpCode(Number(Object.keys(operation.answers)[0])),
    RouteConfig({ operation, rawBody: operation.rawBody ?? false }),
  );

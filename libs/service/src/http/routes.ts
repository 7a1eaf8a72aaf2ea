import type { FastifyInstance } from 'fastify';

/** A route as registered: what the server really answers. */
export interface Route {
  readonly method: string;
  /** Pattern, as `/v1/warnings/:id`. */
  readonly url: string;
}

const matcher = (url: string): RegExp =>
  new RegExp(`^${url.replaceAll('.', '\\.').replaceAll(/:[A-Za-z]+/gu, '[^/]+')}$`, 'u');

/** Collects the routes of a server while they are registered. */
export class Routes {
  readonly all: Route[] = [];
  private readonly matchers: { matches: RegExp; method: string }[] = [];

  constructor(fastify: FastifyInstance) {
    fastify.addHook('onRoute', ({ method, url }) => {
      for (const one of [method].flat()) {
        this.all.push({ method: one, url });
        this.matchers.push({ matches: matcher(url), method: one });
      }
    });
  }

  /** The methods that a path takes. */
  methodsOf(path: string): string[] {
    return this.matchers.filter(({ matches }) => matches.test(path)).map(({ method }) => method);
  }
}

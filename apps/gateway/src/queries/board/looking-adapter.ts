import type {
  AppControllerRoute,
  AppViewRoute,
  BullBoardQueues,
  BullBoardRequest,
  IServerAdapter,
  UIConfig,
} from '@bull-board/api/typings/app';

/** What can be asked of the board: a path below its own, and who answers. */
export interface BoardData {
  readonly path: string;
  readonly answer: (
    request: Pick<BullBoardRequest, 'params' | 'query'>,
  ) => Promise<{ status?: number; body: unknown }>;
}

const many = <T>(one: T | readonly T[]): readonly T[] => (Array.isArray(one) ? one : [one]) as readonly T[];

/**
 * Bull Board without its own server: what it would serve is asked for here, and only what it reads. Whatever changes a
 * queue has no route at all.
 */
export class LookingAdapter implements IServerAdapter {
  private queues: BullBoardQueues = new Map();
  private uiConfig: UIConfig = {};
  private routes: readonly AppControllerRoute[] = [];
  private entry: AppViewRoute | null = null;
  staticsIn = '';
  viewsIn = '';

  setQueues(queues: BullBoardQueues): this {
    this.queues = queues;
    return this;
  }

  setViewsPath(path: string): this {
    this.viewsIn = path;
    return this;
  }

  setStaticPath(_route: string, path: string): this {
    this.staticsIn = path;
    return this;
  }

  setEntryRoute(entry: AppViewRoute): this {
    this.entry = entry;
    return this;
  }

  /** Errors are answered as everywhere. */
  setErrorHandler(): this {
    return this;
  }

  setApiRoutes(routes: AppControllerRoute[]): this {
    this.routes = routes;
    return this;
  }

  setUIConfig(config: UIConfig): this {
    this.uiConfig = config;
    return this;
  }

  /** Paths at which the page stands: it routes by itself. */
  pages(): readonly string[] {
    return this.entry ? many(this.entry.route) : [];
  }

  page(basePath: string): { readonly name: string; readonly params: Record<string, string> } {
    if (!this.entry) throw new Error('the board has no page');
    return this.entry.handler({ basePath, uiConfig: this.uiConfig });
  }

  data(): readonly BoardData[] {
    return this.routes
      .filter(({ method }) => many(method).every((one) => one === 'get'))
      .flatMap((one) =>
        many(one.route).map((path) => ({
          path,
          answer: async ({ params, query }) =>
            one.handler({
              ...{ queues: this.queues, uiConfig: this.uiConfig, params, query },
              ...{ body: {}, headers: {} },
            }),
        })),
      );
  }

  /** What the board knows to change, and nobody may here. */
  changes(): readonly { readonly method: string; readonly path: string }[] {
    return this.routes.flatMap(({ method, route }) =>
      many(method)
        .filter((one) => one !== 'get')
        .flatMap((one) => many(route).map((path) => ({ method: one.toUpperCase(), path }))),
    );
  }
}

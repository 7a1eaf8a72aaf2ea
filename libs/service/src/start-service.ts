import 'reflect-metadata';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { openServiceBus, type OpenedService } from './open-service-bus.js';
import { lackingOf } from './calendars/lacking.js';
import { mountCalendars } from './calendars/calendar-routes.js';
import { keepDeadlines } from './deadlines/keep-deadlines.js';
import { mountHealth } from './health/health-routes.js';
import { healthOf, type Health } from './health/health.js';
import { nestLog } from './http/nest-log.js';
import { ProblemFilter } from './http/problem-filter.js';
import { logRequests } from './http/request-log.js';
import { serverFor, type Server } from './http/server.js';
import { urlAt } from './http/url-at.js';
import { ProcessMetrics } from './metrics/process-metrics.js';
import { measureService } from './metrics/service-metrics.js';
import { mountOperate } from './operate/ops-routes.js';
import { internalDoor } from './principal/internal-door.js';
import { pacedLog } from './pace/paced.js';
import type { Platform, RunningService, ServiceDefinition, ServiceParts } from './service.js';
import { mountSla } from './sla/sla-routes.js';
import { watchingClocks } from './sla/sla-watch.js';
import type { Tracing } from './tracing/tracing.js';
import { watchBus } from './watched-bus.js';
import { watchedLog } from './watched-log.js';

export interface Listening {
  readonly port: number;
  readonly host: string;
  /** Base URLs of the other services, by name. */
  readonly urlOf: (service: string) => string;
  /** How long a stopping service still answers after it reported not ready. */
  readonly drainMs?: number;
}

const STOP_WITHIN_MS = 25_000;
const CONSUMING_WITHIN_MS = 10_000;
const LOOK_EVERY_MS = 25;

const openParts = async (
  definition: ServiceDefinition,
  platform: Platform,
  urlOf: Listening['urlOf'],
): Promise<ServiceParts> => {
  const logger = platform.logger.child({ service: definition.name });
  const metrics = platform.metrics ?? new ProcessMetrics();
  const system = platform.logSystem ?? 'linli';
  const tracing = await tracingOf(definition.name, system, platform);
  const watching = { service: definition.name, system, meters: metrics.meters, logger, tracing };
  const own = { ...platform, logger, log: watchedLog(pacedLog(platform.log, platform.clock), watching) };
  const opened = await openServiceBus(definition, own, watchBus(watching));
  try {
    const deadlines = await deadlinesOf(definition, own, opened, metrics);
    return { ...own, metrics, tracing, ...opened, deadlines, urlOf };
  } catch (error) {
    await closeParts({ ...opened, tracing, deadlines: null });
    throw error;
  }
};

const deadlinesOf = async (
  { name: service, deadlines }: ServiceDefinition,
  { logger, alarm, clock }: Platform,
  { bus, calendars, database }: OpenedService,
  { meters }: ProcessMetrics,
): Promise<ServiceParts['deadlines']> =>
  deadlines && bus
    ? keepDeadlines(deadlines, {
        ...{ service, bus, calendars, database, logger, meters, clock },
        ...(alarm && { alarm }),
      })
    : null;

/** OpenTelemetry is loaded only where a collector waits for it. */
const tracingOf = async (
  service: string,
  system: string,
  { tracesTo = null }: Pick<Platform, 'tracesTo'>,
): Promise<Tracing | null> => {
  if (tracesTo === null) return null;
  const { openTracing } = await import('./tracing/otel.js');
  return openTracing({ service, system, endpoint: tracesTo });
};

/** One topic stands for the log; a service that neither hears nor tells says itself what it needs. */
const asking =
  ({ consumes, tells }: ServiceDefinition, log: ServiceParts['log']) =>
  async (): Promise<unknown> => {
    const topic = consumes[0]?.topic ?? tells[0];
    return topic && log.watermarks(topic);
  };

const mount = (definition: ServiceDefinition, parts: ServiceParts, server: Server): Health => {
  const { fastify } = server;
  const health = healthOf({
    database: parts.database,
    bus: parts.bus,
    clock: parts.clock,
    askLog: asking(definition, parts.log),
    waitsFor: () => definition.waitsFor?.(parts) ?? Promise.resolve([]),
  });
  const { bus, calendars, clock, database, deadlines } = parts;
  const service = definition.name;
  const lacking = calendars && (() => lackingOf(calendars, database, clock));
  const clocks = deadlines && watchingClocks(() => deadlines.sla.clocks(database.connection('http')));
  parts.tracing?.requests(fastify);
  logRequests(fastify, parts.logger);
  const figures = () => definition.figures?.(parts) ?? Promise.resolve({});
  const attention = () => definition.attention?.(parts) ?? Promise.resolve([]);
  measureService(parts.metrics, { name: service, fastify, lacking, figures, clocks, ...parts });
  mountHealth(fastify, health, parts.metrics);
  fastify.addHook('onRequest', (_request, reply, done) => {
    // Whoever still comes is to come to another next time, and finds no connection that closes under its request.
    if (health.draining) reply.header('connection', 'close');
    done();
  });
  if (bus && calendars && lacking) {
    const looks = { figures, attention, lacking, deadlines, clocks };
    mountOperate(fastify, { service, bus, health, clock, ...looks });
    mountCalendars(fastify, { calendars, database, clock });
    if (deadlines) mountSla(fastify, { service, deadlines, calendars, database });
  }
  return health;
};

const openDoor = async (
  definition: ServiceDefinition,
  parts: ServiceParts,
  { fastify }: Server,
  app: NestFastifyApplication,
): Promise<void> => {
  if (definition.publicDoor) {
    await definition.publicDoor(app, parts);
  } else {
    internalDoor(fastify, parts);
  }
};

const boot = async (definition: ServiceDefinition, parts: ServiceParts, server: Server) => {
  const app = await NestFactory.create<NestFastifyApplication>(definition.module(parts), server.adapter, {
    logger: nestLog(parts.logger),
    bodyParser: false,
    abortOnError: false,
  });
  app.useGlobalFilters(new ProblemFilter(server.answer));
  await openDoor(definition, parts, server, app);
  if (parts.bus) {
    app.connectMicroservice({ strategy: parts.bus.strategy });
  }
  await app.init();
  return app;
};

/** A predecessor that died keeps its partitions until its session ends; the service is of use before that, if less. */
const consuming = async ({ bus, logger }: Pick<ServiceParts, 'bus' | 'logger'>): Promise<void> => {
  const joining = async (): Promise<readonly string[]> => (bus ? (await bus.state()).joining : []);
  const until = performance.now() + CONSUMING_WITHIN_MS;
  for (let left = await joining(); left.length > 0; left = await joining()) {
    if (performance.now() > until) {
      logger.warn({ topics: left }, 'not consumed yet; not ready until it is');
      return;
    }
    await pause(LOOK_EVERY_MS);
  }
};

const closeParts = async ({
  bus,
  database,
  deadlines,
  tracing,
}: Pick<ServiceParts, 'bus' | 'database' | 'deadlines' | 'tracing'>): Promise<void> => {
  await deadlines?.close();
  await bus?.drain();
  await bus?.close();
  await database.close();
  await tracing?.close();
};

/** Runs each step of a stop even when an earlier one failed or hangs, and gives up after 25 s. */
const stopping = async (steps: readonly (() => Promise<unknown>)[], fail: (error: unknown) => void) => {
  const all = (async () => {
    for (const step of steps) {
      try {
        await step();
      } catch (error) {
        fail(error);
      }
    }
  })();
  const gaveUp = new AbortController();
  const late = pause(STOP_WITHIN_MS, 'late', { signal: gaveUp.signal }).catch(() => 'done');
  if ((await Promise.race([all, late])) === 'late') {
    fail(new Error(`the service did not stop within ${STOP_WITHIN_MS} ms`));
  }
  gaveUp.abort();
};

/** Starts one service: its database, its bus, its HTTP server. Ready when it resolves; leaves nothing open when it rejects. */
export const startService = async (
  definition: ServiceDefinition,
  platform: Platform,
  { port, host, urlOf, drainMs = 0 }: Listening,
): Promise<RunningService> => {
  const parts = await openParts(definition, platform, urlOf);
  const server = serverFor(parts.logger);
  const health = mount(definition, parts, server);
  let app: NestFastifyApplication | undefined;
  try {
    app = await boot(definition, parts, server);
    await app.startAllMicroservices();
    await app.listen({ port, host });
    await consuming(parts);
  } catch (error) {
    await app?.close();
    await closeParts(parts);
    throw error;
  }
  const running = app;
  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> =>
    stopping(
      [
        () => Promise.resolve(health.startDraining()),
        () => pause(drainMs),
        () => running.close(),
        () => closeParts(parts),
      ],
      (error) => parts.logger.error({ err: error }, 'a step of the stop failed'),
    );
  const bound = running.getHttpServer().address() as AddressInfo;
  return {
    name: definition.name,
    url: urlAt(host, bound.port),
    stop: () => (stopped ??= stop()),
  };
};

import 'reflect-metadata';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Bus } from '@linli/bus';
import { openServiceBus } from './open-service-bus.js';
import { mountHealth } from './health/health-routes.js';
import { healthOf, type Health } from './health/health.js';
import { metricsOf } from './health/metrics.js';
import { nestLog } from './http/nest-log.js';
import { ProblemFilter } from './http/problem-filter.js';
import { logRequests } from './http/request-log.js';
import { serverFor, type Server } from './http/server.js';
import { internalDoor } from './principal/internal-door.js';
import type { Platform, RunningService, ServiceDefinition, ServiceParts } from './service.js';

export interface Listening {
  readonly port: number;
  readonly host: string;
  /** Base URLs of the other services, by name. */
  readonly urlOf: (service: string) => string;
  /** How long a stopping service still answers after it reported not ready. */
  readonly drainMs?: number;
}

const STOP_WITHIN_MS = 25_000;

const openParts = async (
  definition: ServiceDefinition,
  platform: Platform,
  urlOf: Listening['urlOf'],
): Promise<ServiceParts> => {
  const logger = platform.logger.child({ service: definition.name });
  const { database, bus } = await openServiceBus(definition, { ...platform, logger });
  return { ...platform, logger, database, bus, urlOf };
};

const mount = (definition: ServiceDefinition, parts: ServiceParts, server: Server): Health => {
  const { fastify } = server;
  const health = healthOf({
    database: parts.database,
    bus: parts.bus,
    clock: parts.clock,
    waitsFor: () => definition.waitsFor?.(parts) ?? Promise.resolve([]),
  });
  logRequests(fastify, parts.logger);
  const metrics = metricsOf(definition.name, fastify, parts.bus);
  mountHealth(fastify, health, metrics);
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
    internalDoor(fastify, parts.secrets);
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

const closeParts = async ({ bus, database }: { bus: Bus | null; database: ServiceParts['database'] }) => {
  await bus?.drain();
  await bus?.close();
  await database.close();
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

const urlAt = (host: string, port: number): string => {
  const reachable = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
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

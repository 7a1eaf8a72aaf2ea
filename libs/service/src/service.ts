import type { AnchorSink, Bus, Consumes, Log } from '@linli/bus';
import type { TopicSpec } from '@linli/contracts';
import type { Clock, Ids, Random } from '@linli/kernel';
import type { Alarm, Deadlines, WorkingCalendars } from '@linli/deadlines';
import type { Database, MigrationClass, Transaction } from '@linli/store';
import type { DynamicModule } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Logger } from 'pino';
import type { KeepsDeadlines } from './deadlines/keep-deadlines.js';
import type { ProcessMetrics } from './metrics/process-metrics.js';
import type { Secrets } from './secrets.js';
import type { Signals } from './signals.js';
import type { Tracing } from './tracing/tracing.js';

/** The outside of every service, one per process. Production, embedded and simulation differ only here. */
export interface Platform {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly random: Random;
  readonly log: Log;
  readonly signals: Signals;
  readonly secrets: Secrets;
  readonly logger: Logger;
  /** What carries the log, as `messaging_system` of the OpenTelemetry conventions. */
  readonly logSystem?: string;
  /** The page that the services of this process share; without it each has its own. */
  readonly metrics?: ProcessMetrics;
  /** Base URL of an OTLP/HTTP collector; absent: no traces. */
  readonly tracesTo?: string | null;
  /** Where the ends of a service's journal are noted outside of its database; absent: nowhere. */
  readonly anchors?: (service: string) => AnchorSink;
  /** The alarm clock of a service's deadlines; absent: timers of this process. */
  readonly alarm?: (service: string) => Promise<Alarm>;
  /** A connection set for one service: its schema, its database role, its migrations applied. */
  openDatabase(schema: string, migrations: readonly MigrationClass[]): Promise<Database>;
}

/** What a running service has at hand; its Nest module is built from it. */
export interface ServiceParts extends Platform {
  readonly database: Database;
  readonly metrics: ProcessMetrics;
  readonly tracing: Tracing | null;
  /** Null for a service that neither consumes nor tells (the gateway). */
  readonly bus: Bus | null;
  /** What its deadlines are reckoned by; null where there is no bus. */
  readonly calendars: WorkingCalendars<Transaction> | null;
  /** The deadlines that it keeps; null where it keeps none. */
  readonly deadlines: Deadlines<Transaction> | null;
  /** Base URLs of the other services, by name; a function, because ports are known late. */
  readonly urlOf: (service: string) => string;
}

/** One deployable service: exported by each `apps/<service>`; run by `startService`. */
export interface ServiceDefinition {
  readonly name: string;
  readonly schema: string;
  readonly migrations: readonly MigrationClass[];
  readonly consumes: readonly Consumes[];
  /** Topics of the facts and commands that leave through its journal. */
  readonly tells: readonly TopicSpec[];
  /** Present: it keeps deadlines, in tables of its own schema. */
  readonly deadlines?: KeepsDeadlines;
  /** The Nest module: wiring and table of contents. */
  module(parts: ServiceParts): DynamicModule;
  /**
   * Opens the service to clients that are not services: its own authentication, its own bodies. Called before the routes
   * are registered. Without it only principals signed by the gateway get in.
   */
  readonly publicDoor?: (app: NestFastifyApplication, parts: ServiceParts) => void | Promise<void>;
  /** What an operator should see beside the bus, by name: `quarantined`. Also on the page of metrics. */
  readonly figures?: (parts: ServiceParts) => Promise<Readonly<Record<string, number>>>;
  /** What an operator should look at beside the bus, a sentence each. */
  readonly attention?: (parts: ServiceParts) => Promise<readonly string[]>;
  /** What else must answer before the service is ready: a reason for each that does not. */
  readonly waitsFor?: (parts: ServiceParts) => Promise<readonly string[]>;
}

export interface RunningService {
  readonly name: string;
  readonly url: string;
  /** Drains in order: readiness off, HTTP closed, consumers drained, relay ended, pools closed. */
  stop(): Promise<void>;
}

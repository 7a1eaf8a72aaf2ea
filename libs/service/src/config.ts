import { join } from 'node:path';
import { z } from 'zod';
import { kafkaAccessOf, kafkaMistakes, kafkaSettings, type KafkaAccess } from './kafka-settings.js';
import { setting, type Setting } from './setting.js';

/** Settings of a deployment, read once from the environment and frozen. */
export interface Config {
  readonly port: number;
  readonly host: string;
  readonly serviceHost: string;
  /** 0 = any free port. */
  readonly servicePort: number;
  readonly dataDir: string;
  /** Where the ends of the journals are noted outside of the database. */
  readonly anchorDir: string;
  readonly apiKey: string | null;
  readonly secret: string | null;
  readonly logLevel: (typeof levels)[number];
  readonly kafkaBrokers: readonly string[] | null;
  readonly kafkaAccess: KafkaAccess;
  readonly databaseUrl: string | null;
  readonly redisUrl: string | null;
  /** What rings when a deadline is near: timers of this process, or BullMQ. */
  readonly alarm: (typeof alarms)[number];
  /** The services that this process runs. */
  readonly services: readonly string[];
  /** Base URLs of services that run elsewhere, by name. */
  readonly serviceUrls: Readonly<Record<string, string>>;
  readonly drainMs: number;
  /** Base URL of an OTLP/HTTP collector for traces. */
  readonly tracesTo: string | null;
}

/** Every mistake in the settings at once, one a line. */
export class ConfigMistakes extends Error {
  constructor(readonly mistakes: readonly string[]) {
    super(`the settings are wrong:\n${mistakes.map((mistake) => `  ${mistake}`).join('\n')}`);
    this.name = 'ConfigMistakes';
  }
}

const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const;
const alarms = ['timers', 'redis', 'postgresql'] as const;
const digits = (max: number) =>
  z
    .string()
    .regex(/^[0-9]{1,9}$/u, 'must be a whole number')
    .transform(Number)
    .refine((value) => value <= max, `must be at most ${max}`);
const list = z.string().transform((text) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean),
);
const url = (protocol: RegExp, form: string) =>
  z.string().refine((text) => URL.canParse(text) && protocol.test(text), `must be like ${form}`);
const http = url(/^https?:\/\//u, 'http://host:port').transform((text) => text.replace(/\/+$/u, ''));

const settings = {
  LINLI_PORT: setting(digits(65_535).default(8080), '8080', 'Port of the public API.'),
  LINLI_HOST: setting(z.string().default('0.0.0.0'), '0.0.0.0', 'Address on which the public API listens.'),
  LINLI_SERVICE_HOST: setting(
    z.string().default('127.0.0.1'),
    '127.0.0.1',
    'Address on which the other services listen; 0.0.0.0 when they run on hosts of their own.',
  ),
  LINLI_SERVICE_PORT: setting(
    digits(65_535).default(0),
    'any free',
    'Port of a service that runs alone; used with `<NAME>_URL` elsewhere.',
  ),
  LINLI_DATA_DIR: setting(
    z.string().default('.linli'),
    '.linli',
    'Where the embedded database and generated secrets live.',
  ),
  LINLI_ANCHOR_DIR: setting(
    z.string().optional(),
    '`<data dir>/anchors`',
    'Where the ends of the journals are noted every hour, outside of the database; a place that its administrators cannot write to.',
  ),
  LINLI_API_KEY: setting(
    z
      .string()
      .regex(/^[\x20-\x7e]{16,}$/u, 'needs at least 16 printable ASCII characters')
      .optional(),
    'generated',
    'The bootstrap key, which may do everything; generated once, kept in the data directory and printed.',
  ),
  LINLI_SECRET: setting(
    z.string().min(32, 'needs at least 32 characters').optional(),
    'generated',
    'Master secret from which all keys derive, the same on every host. Absent: generated once and kept in the data directory, or with `DATABASE_URL` in that database, which is weaker: a stolen database then opens what it sealed.',
  ),
  LINLI_LOG_LEVEL: setting(
    z.enum(levels).default('info'),
    'info',
    `One of ${levels.join(', ')}; each request is one line at debug.`,
  ),
  LINLI_DRAIN_MS: setting(
    digits(10_000).default(0),
    '0',
    'How long a stopping service still answers after it reported not ready; 5000 behind a load balancer.',
  ),
  KAFKA_BROKERS: setting(
    list
      .refine((hosts) => hosts.every((host) => /^[^\s:]+:[0-9]{1,5}$/u.test(host)), 'must be host:port,…')
      .optional(),
    'none',
    'Kafka brokers, `host:port,…`; without them the log is a table of the database.',
  ),
  ...kafkaSettings,
  DATABASE_URL: setting(
    url(/^postgres(?:ql)?:\/\//u, 'postgres://user@host/name').optional(),
    'embedded',
    'PostgreSQL 15 or later; without it one is started in the data directory.',
  ),
  REDIS_URL: setting(
    url(/^rediss?:\/\//u, 'redis://host:port').optional(),
    'none',
    'Redis for wake-ups between processes; never holds the truth.',
  ),
  LINLI_ALARM: setting(
    z.enum(alarms).optional(),
    '`redis` with `REDIS_URL`, else `timers`',
    'What wakes deadlines in time: `timers` of the process, or BullMQ on `redis` or `postgresql`. A hint only: without it they fire within a second.',
  ),
  OTEL_EXPORTER_OTLP_ENDPOINT: setting(
    http.optional(),
    'none',
    'Collector of OpenTelemetry traces (OTLP over HTTP), `http://host:4318`; the other `OTEL_…` variables apply then, the sampler among them.',
  ),
} satisfies Record<string, Setting>;

const shape = Object.fromEntries(Object.entries(settings).map(([name, { schema }]) => [name, schema])) as {
  [Name in keyof typeof settings]: (typeof settings)[Name]['schema'];
};

const urlName = (service: string): string => `${service.toUpperCase()}_URL`;

const schemaFor = (services: readonly string[]) =>
  z
    .object({
      ...shape,
      SERVICES: list.default([...services]),
      ...Object.fromEntries(services.map((service) => [urlName(service), http.optional()])),
    })
    .superRefine((read, context) => {
      const unknown = read.SERVICES.filter((name) => !services.includes(name));
      if (unknown.length > 0 || read.SERVICES.length === 0) {
        context.addIssue({
          code: 'custom',
          path: ['SERVICES'],
          message: `knows only ${services.join(', ')}`,
        });
      }
      if (read.LINLI_ALARM === 'redis' && read.REDIS_URL === undefined) {
        context.addIssue({ code: 'custom', path: ['LINLI_ALARM'], message: 'redis needs REDIS_URL' });
      }
      for (const message of kafkaMistakes(read)) {
        context.addIssue({ code: 'custom', path: ['KAFKA_SASL'], message });
      }
    });

/** Reads the settings; throws `ConfigMistakes` with all that is wrong. `services` are the names a deployment knows. */
export const readConfig = (
  environment: Readonly<Record<string, string | undefined>>,
  services: readonly string[],
): Config => {
  const set = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const { success, data, error } = schemaFor(services).safeParse(set);
  if (!success) {
    throw new ConfigMistakes(error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`));
  }
  const urls = data as Record<string, unknown>;
  return Object.freeze({
    port: data.LINLI_PORT,
    host: data.LINLI_HOST,
    serviceHost: data.LINLI_SERVICE_HOST,
    servicePort: data.LINLI_SERVICE_PORT,
    dataDir: data.LINLI_DATA_DIR,
    anchorDir: data.LINLI_ANCHOR_DIR ?? join(data.LINLI_DATA_DIR, 'anchors'),
    apiKey: data.LINLI_API_KEY ?? null,
    secret: data.LINLI_SECRET ?? null,
    logLevel: data.LINLI_LOG_LEVEL,
    kafkaBrokers: data.KAFKA_BROKERS ?? null,
    kafkaAccess: kafkaAccessOf(data),
    databaseUrl: data.DATABASE_URL ?? null,
    redisUrl: data.REDIS_URL ?? null,
    alarm: data.LINLI_ALARM ?? (data.REDIS_URL === undefined ? 'timers' : 'redis'),
    tracesTo: data.OTEL_EXPORTER_OTLP_ENDPOINT ?? null,
    services: data.SERVICES,
    serviceUrls: Object.fromEntries(
      services
        .map((service) => [service, urls[urlName(service)]] as const)
        .filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
    ),
    drainMs: data.LINLI_DRAIN_MS,
  });
};

/** The table of settings for a reader: name, default, meaning. The README carries it and is checked against it. */
export const settingsTable = (
  services: readonly string[],
): readonly { name: string; standard: string; meaning: string }[] => [
  ...Object.entries(settings).map(([name, { shown, meaning }]) => ({ name, standard: shown, meaning })),
  { name: 'SERVICES', standard: services.join(','), meaning: 'The services that this process runs.' },
  ...services.map((service) => ({
    name: urlName(service),
    standard: 'this process',
    meaning: `Where ${service} answers when it runs on another host, \`http://host:port\`.`,
  })),
];

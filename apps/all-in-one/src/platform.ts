import { anchorFile } from '@linli/bus';
import { systemClock, systemIds, systemRandom, type Clock } from '@linli/kernel';
import {
  keptSecret,
  localSignals,
  openAlarm,
  openLogger,
  ProcessMetrics,
  redisSignals,
  secretsFrom,
  type Config,
  type Platform,
} from '@linli/service';
import { openDatabase, startPostgres } from '@linli/store';
import { resolve } from 'node:path';
import type { Logger } from 'pino';
import { deploymentSecret } from './deployment-secret.js';
import { logOf } from './log-of.js';

export interface PlatformOptions {
  readonly clock?: Clock;
  readonly logger?: Logger;
  /** For tests on a database that is not safe against power loss. */
  readonly allowUnsafe?: boolean;
}

/** What all services of this process stand on: database, log, signals, secrets. */
export interface StartedPlatform {
  readonly platform: Platform;
  readonly apiKey: { readonly value: string; readonly fresh: boolean };
  stop(): Promise<void>;
}

const databaseOf = async (
  config: Config,
  logger: Logger,
): Promise<{ url: string; stop(): Promise<void> }> => {
  if (config.databaseUrl !== null) return { url: config.databaseUrl, stop: () => Promise.resolve() };
  return startPostgres({
    dir: resolve(config.dataDir, 'postgres'),
    onTrouble: (message) => logger.error(message),
  });
};

/** The master secret: chosen, or kept in the data directory, or by the database that several processes share. */
const secretOf = async (
  config: Config,
  { allowUnsafe = false }: PlatformOptions,
  logger: Logger,
): Promise<string> => {
  if (config.databaseUrl === null) return config.secret ?? keptSecret(config.dataDir, 'secret').value;
  const { secret, generated } = await deploymentSecret(config.databaseUrl, config.secret, allowUnsafe);
  if (generated)
    logger.warn('LINLI_SECRET is not set: a generated one is kept in the database; choose one in production');
  return secret;
};

export const startPlatform = async (config: Config, options: PlatformOptions): Promise<StartedPlatform> => {
  const logger = options.logger ?? openLogger(config.logLevel);
  const undo: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const step of undo.splice(0).toReversed()) await step();
  };
  try {
    const database = await databaseOf(config, logger);
    undo.push(() => database.stop());
    const signals = config.redisUrl === null ? localSignals() : redisSignals(config.redisUrl);
    undo.push(() => signals.close());
    const log = await logOf(config, database.url, options.allowUnsafe ?? false, logger);
    undo.push(() => log.close());
    const platform: Platform = {
      clock: options.clock ?? systemClock,
      ids: systemIds,
      random: systemRandom,
      log: log.log,
      signals,
      secrets: secretsFrom(await secretOf(config, options, logger)),
      logger,
      logSystem: config.kafkaBrokers === null ? 'postgresql' : 'kafka',
      metrics: new ProcessMetrics(),
      tracesTo: config.tracesTo,
      anchors: (service) => anchorFile(resolve(config.anchorDir, `${service}.jsonl`)),
      alarm: (service) => openAlarm(config, database.url, service),
      openDatabase: (schema, migrations) =>
        openDatabase({ url: database.url, schema, migrations, allowUnsafe: options.allowUnsafe ?? false }),
    };
    const apiKey =
      config.apiKey === null ? keptSecret(config.dataDir, 'api-key') : { value: config.apiKey, fresh: false };
    return { platform, apiKey, stop };
  } catch (error) {
    await stop();
    throw error;
  }
};

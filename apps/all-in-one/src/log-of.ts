import { readFileSync } from 'node:fs';
import {
  kafkaLog,
  type KafkaLogOptions,
  logMigrations,
  postgresLog,
  retentionOf,
  type Log,
  type PostgresLog,
} from '@linli/bus';
import { topics } from '@linli/contracts';
import { HOUR, systemClock } from '@linli/kernel';
import type { Config } from '@linli/service';
import { openDatabase } from '@linli/store';
import type { Logger } from 'pino';

const PRUNE_EVERY_MS = HOUR;

/** What is past its retention leaves the table, as it would leave Kafka. */
const pruning = (log: PostgresLog, logger: Logger): NodeJS.Timeout => {
  const prune = async (): Promise<void> => {
    for (const topic of topics)
      await log.prune(topic, new Date(systemClock.now().getTime() - retentionOf(topic)));
  };
  return setInterval(() => {
    prune().catch((err: unknown) => logger.warn({ err }, 'old records of the log could not be removed'));
  }, PRUNE_EVERY_MS).unref();
};

const onPostgres = async (url: string, allowUnsafe: boolean, logger: Logger) => {
  const database = await openDatabase({ url, schema: 'log', migrations: logMigrations, allowUnsafe });
  const log = postgresLog({ database, logger });
  const timer = pruning(log, logger);
  const close = async (): Promise<void> => {
    clearInterval(timer);
    await log.close();
    await database.close();
  };
  return { log, close };
};

/** How the brokers are reached: TLS, login. */
export const kafkaAccessOf = ({
  tls,
  caFile,
  sasl,
}: Config['kafkaAccess']): Pick<KafkaLogOptions, 'ssl' | 'sasl'> => ({
  ...(tls && { ssl: caFile === null ? true : { ca: [readFileSync(caFile, 'utf8')] } }),
  ...(sasl && { sasl: sasl as NonNullable<KafkaLogOptions['sasl']> }),
});

/**
 * The log of this process: Kafka when brokers are named, else a table of the database. A set-up that would break a
 * promise is refused, with every reason and its mend.
 */
export const logOf = async (
  config: Config,
  databaseUrl: string,
  allowUnsafe: boolean,
  logger: Logger,
): Promise<{ log: Log; close(): Promise<void> }> => {
  const kafka =
    config.kafkaBrokers &&
    kafkaLog({
      brokers: config.kafkaBrokers,
      clientId: 'linli',
      logger,
      ...kafkaAccessOf(config.kafkaAccess),
    });
  const opened = kafka
    ? { log: kafka, close: () => kafka.close() }
    : await onPostgres(databaseUrl, allowUnsafe, logger);
  try {
    await opened.log.provision(topics);
    const faults = await opened.log.check(topics);
    if (faults.length > 0)
      throw new Error(
        faults.map(({ topic, fault, mend }) => `${topic ?? 'log'}: ${fault}. ${mend}`).join('\n'),
      );
    return opened;
  } catch (error) {
    await opened.close();
    throw error;
  }
};

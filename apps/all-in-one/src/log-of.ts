import { kafkaLog, logMigrations, postgresLog, type Log } from '@linli/bus';
import { topics } from '@linli/contracts';
import type { Config } from '@linli/service';
import { openDatabase } from '@linli/store';
import type { Logger } from 'pino';

const onPostgres = async (url: string, allowUnsafe: boolean) => {
  const database = await openDatabase({ url, schema: 'log', migrations: logMigrations, allowUnsafe });
  const log = postgresLog({ database });
  return { log, close: async () => (await log.close(), await database.close()) };
};

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
  const kafka = config.kafkaBrokers && kafkaLog({ brokers: config.kafkaBrokers, clientId: 'linli', logger });
  const opened = kafka
    ? { log: kafka, close: () => kafka.close() }
    : await onPostgres(databaseUrl, allowUnsafe);
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

import { topics } from '@linli/contracts';
import type { Config } from '@linli/service';
import { right, unreachable, wrong, type Finding } from './finding.js';

/** The brokers answer, and every topic keeps its promises: partitions, replicas, min ISR, time stamps, retention. */
export const examineBroker = async ({ kafkaBrokers, kafkaAccess }: Config): Promise<Finding[]> => {
  if (kafkaBrokers === null)
    return [right('broker', 'no Kafka: the log is a table of the database (see database)')];
  const { kafkaLog } = await import('@linli/bus');
  const { kafkaAccessOf } = await import('@linli/all-in-one');
  const log = kafkaLog({ brokers: kafkaBrokers, clientId: 'linli-doctor', ...kafkaAccessOf(kafkaAccess) });
  try {
    const faults = await log.check(topics);
    if (faults.length > 0)
      return faults.map(({ topic, fault, mend }) => wrong('broker', `${topic ?? 'log'}: ${fault}`, mend));
    return [
      right('broker', `${kafkaBrokers.join(', ')} answer`),
      right(
        'broker',
        `${topics.length} topics: partitions, replicas, min ISR, time stamps, retention are right`,
      ),
    ];
  } catch (error) {
    const mend =
      'is Kafka running at KAFKA_BROKERS, is its advertised listener reachable from here, are TLS and login right?';
    return [unreachable('broker', error, mend)];
  } finally {
    await log.close();
  }
};

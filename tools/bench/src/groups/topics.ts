import { RISK_INTAKE } from '@linli/contracts';
import kafkajs from 'kafkajs';

/** Topics for what the system is compared with: partitions, replicas and durability of the intake's. */
export const makeTopics = async (brokers: string, names: readonly string[]): Promise<void> => {
  const kafka = new kafkajs.Kafka({ brokers: brokers.split(','), logLevel: kafkajs.logLevel.ERROR });
  const admin = kafka.admin();
  await admin.connect();
  try {
    await admin.createTopics({
      waitForLeaders: true,
      topics: names.map((topic) => ({ topic, numPartitions: RISK_INTAKE.partitions, replicationFactor: 1 })),
    });
  } finally {
    await admin.disconnect();
  }
};

import { describe, expect, it } from '@jest/globals';
import type { Consumer, ConsumerRunConfig, ConsumerSubscribeTopics, Kafka } from 'kafkajs';
import { KafkaSubscriber } from './kafka-subscriber.js';
import type { ReadingSettings } from './partition-reading.js';

const opened = async () => {
  const asked: { run?: ConsumerRunConfig; subscribe?: ConsumerSubscribeTopics } = {};
  const consumer = {
    events: {},
    on: () => () => undefined,
    connect: async () => undefined,
    disconnect: async () => undefined,
    subscribe: async (topics: ConsumerSubscribeTopics) => void (asked.subscribe = topics),
    run: async (config: ConsumerRunConfig) => void (asked.run = config),
  } as unknown as Consumer;
  const kafka = { consumer: () => consumer } as unknown as Kafka;
  const settings = {
    subscription: { group: 'g', topic: { name: 't', partitions: 1, holds: 'commands' } },
    watermarks: async () => [],
  } as unknown as ReadingSettings;
  const subscriber = new KafkaSubscriber(kafka, settings, () => undefined);
  await subscriber.start();
  await subscriber.stop();
  return asked;
};

describe('a kafkajs consumer of ours', () => {
  it('commits and resolves nothing by itself: what is done is known only after our own commit', async () => {
    expect((await opened()).run).toMatchObject({ autoCommit: false, eachBatchAutoResolve: false });
  });

  it('never begins at the end of a topic for want of an offset', async () => {
    expect((await opened()).subscribe).toEqual({ topics: ['t'], fromBeginning: true });
  });
});

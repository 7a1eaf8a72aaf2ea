import { startKafka, type KafkaOptions, type KafkaStack } from '@linli/stack';
import { freePort } from '@linli/store';
import { FaultProxy } from './fault-proxy.js';

export interface ProxiedKafka<Door extends string> {
  readonly kafka: KafkaStack;
  /** One proxy per class of clients: who enters by a door is told to come back to the same door. */
  readonly doors: Readonly<Record<Door, FaultProxy>>;
  stop(): Promise<void>;
}

/**
 * A Kafka broker with a door of its own for each class of clients, each behind a fault proxy. Kafka announces addresses:
 * without a listener per door, clients would by-pass the proxy after their first question. Names: upper case letters.
 */
export const startProxiedKafka = async <Door extends string>(
  names: readonly Door[],
  options: Omit<KafkaOptions, 'listeners'> = {},
): Promise<ProxiedKafka<Door>> => {
  const opened = await Promise.all(
    names.map(async (name) => {
      const port = await freePort();
      return { name, port, proxy: await FaultProxy.open({ target: { port } }) };
    }),
  );
  const close = async (): Promise<void> => {
    await Promise.all(opened.map(({ proxy }) => proxy.close()));
  };
  try {
    const listeners = opened.map(({ name, port, proxy }) => ({ name, port, advertisedPort: proxy.port }));
    const kafka = await startKafka({ ...options, listeners });
    return {
      kafka,
      doors: Object.fromEntries(opened.map(({ name, proxy }) => [name, proxy])) as Record<Door, FaultProxy>,
      stop: async () => {
        await kafka.stop();
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
};

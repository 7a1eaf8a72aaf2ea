import type { District } from '../system/district.js';
import { startDistrict } from '../system/district.js';
import { companion, type Companion } from '../load/companion.js';
import type { ProducerMark } from '../load/producer-wire.js';
import { startHose, type Hose } from '../load/run-hose.js';
import type { BenchOptions } from '../options.js';
import type { Group, Row } from '../rounds.js';
import { measured } from './measure.js';
import { makeTopics } from './topics.js';
import { notesOf } from './settings.js';
import { performanceRow } from './producer-performance.js';

/** (a): the gateway alone; the risk service is stopped, so that the log is all that lies behind a 202. */
const gatewayRow = (district: District, hose: Hose): Row => ({
  id: 'a',
  title: 'accepted at the gateway, durable, batches of 500',
  unit: 'events/s',
  round: (length) =>
    measured({ ...hose, pids: () => district.pids(), doneIn: ({ accepted }) => accepted }, length),
});

const producerRow = (district: District, producer: Companion): Row => ({
  id: 'c',
  title: 'bare kafkajs producer, one record per event, acks=all',
  unit: 'events/s',
  round: (length) =>
    measured<ProducerMark>(
      {
        pids: () => ({ kafka: district.pids()['kafka'] ?? 0 }),
        go: () => producer.tell('go'),
        mark: () => producer.ask('mark'),
        drain: () => Promise.resolve(producer.tell('hold')),
        doneIn: ({ sent, failures }) => {
          if (failures > 0) throw new Error(`${failures} sends failed`);
          return sent;
        },
      },
      length,
    ),
});

/** Rows (a), (c) and (d): what it costs to make events durable in Kafka. */
export const openDoor = async ({ only, ...options }: BenchOptions): Promise<Group> => {
  const district = await startDistrict(options);
  const brokers = district.stack.kafka.url;
  const ends: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const end of ends) await end();
    await district.stop();
  };
  try {
    await makeTopics(brokers, ['bench.c', 'bench.d']);
    const rows: Row[] = [];
    if (only.has('a')) {
      const hose = await startHose(district.url, { name: 'a', rising: 0, seed: 1 });
      ends.push(() => hose.end());
      rows.push(gatewayRow(district, hose));
    }
    if (only.has('c')) {
      const wanted = { brokers, topic: 'bench.c', batch: 500, inFlight: 5, seed: 1, now: Date.now() };
      const producer = await companion('load/producer.js', wanted);
      ends.push(() => producer.end());
      rows.push(producerRow(district, producer));
    }
    if (only.has('d')) rows.push(await performanceRow(brokers, 'bench.d'));
    return { rows, notes: await notesOf(district), close };
  } catch (error) {
    await close();
    throw error;
  }
};

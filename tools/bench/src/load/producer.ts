import { seededRandom } from '@linli/kernel';
import { performance } from 'node:perf_hooks';
import kafkajs from 'kafkajs';
import { values, type Body } from './bodies.js';
import type { ProducerMark, ProducerOptions } from './producer-wire.js';

const options = JSON.parse(process.argv[2] ?? '{}') as ProducerOptions;
const pool = values(20_000, { random: seededRandom(options.seed), now: options.now, name: 'c', rising: 0 });
const kafka = new kafkajs.Kafka({
  brokers: options.brokers.split(','),
  clientId: 'bench-c',
  logLevel: kafkajs.logLevel.ERROR,
});
const producer = kafka.producer({
  createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
  allowAutoTopicCreation: false,
});
await producer.connect();

let [at, sequence, sent, failures] = [0, 0, 0, 0];
const state = { busy: 0, held: true };

const batch = (): { value: Buffer }[] => {
  sequence += 1;
  return Array.from({ length: options.batch }, () => {
    const body = pool[(at += 1) % pool.length] as Body;
    body.number(sequence);
    return { value: body.bytes };
  });
};

const fill = (): void => {
  while (!state.held && state.busy < options.inFlight) {
    state.busy += 1;
    void producer
      .send({ topic: options.topic, messages: batch(), acks: -1 })
      .then(
        () => (sent += options.batch),
        () => (failures += 1),
      )
      .then(() => {
        state.busy -= 1;
        return fill();
      });
  }
};

process
  .on('message', (order: 'go' | 'hold' | 'mark') => {
    if (order !== 'mark') state.held = order === 'hold';
    if (order === 'go') fill();
    if (order !== 'mark') return;
    const { user, system } = process.cpuUsage();
    const mark: ProducerMark = { sent, atMs: performance.now(), cpuUs: user + system, failures };
    process.send?.(mark);
  })
  .once('disconnect', () => process.exit(0));
process.send?.('ready');

import { kafkaClasspath } from '@linli/stack';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { EVENT_BYTES } from '../load/risk-events.js';
import type { Row } from '../rounds.js';

/** At least so many: below, the start of the virtual machine is what one measures. */
const LEAST_RECORDS = 150_000;

/** Records per second in the last line of what ProducerPerformance prints. */
export const rateIn = (output: string): number => {
  const last = output.trim().split('\n').at(-1) ?? '';
  const rate = Number(/ ([0-9.]+) records\/sec/u.exec(last)?.[1]);
  if (!Number.isFinite(rate)) throw new Error(`ProducerPerformance said: ${output.slice(-500)}`);
  return rate;
};

/** (d): Kafka's own load tool with the settings that it comes with, all in-sync replicas. */
export const performanceRow = async (brokers: string, topic: string): Promise<Row> => {
  const classpath = await kafkaClasspath();
  return {
    id: 'd',
    title: "Kafka's ProducerPerformance, acks=all",
    unit: 'events/s',
    round: async ({ measureMs }) => {
      const records = Math.max(LEAST_RECORDS, Math.round(measureMs * 80));
      const { stdout } = await promisify(execFile)('java', [
        ...['-Xmx256m', '-cp', classpath, 'org.apache.kafka.tools.ProducerPerformance', '--topic', topic],
        ...['--num-records', String(records), '--record-size', String(EVENT_BYTES), '--throughput', '-1'],
        ...['--producer-props', `bootstrap.servers=${brokers}`, 'acks=all'],
      ]);
      return { value: rateIn(stdout) };
    },
  };
};

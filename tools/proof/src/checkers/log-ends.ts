import { RISK_COMMANDS, RISK_INTAKE } from '@linli/contracts';
import { Kafka, logLevel } from 'kafkajs';
import type { Rows } from './rows.js';

/** Where a partition of the log ends, as the broker or the log's own table has it. */
export interface LogEnd {
  readonly topic: string;
  readonly part: number;
  readonly high: number;
}

export type LogEnds = () => Promise<readonly LogEnd[]>;

const consumed = [RISK_COMMANDS.name, RISK_INTAKE.name];

export const kafkaEnds =
  (brokers: string): LogEnds =>
  async () => {
    const admin = new Kafka({ brokers: brokers.split(','), logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    try {
      const ends = await Promise.all(
        consumed.map(async (topic) =>
          (await admin.fetchTopicOffsets(topic)).map(({ partition, high }) => ({
            topic,
            part: partition,
            high: Number(high),
          })),
        ),
      );
      return ends.flat();
    } finally {
      await admin.disconnect();
    }
  };

export const tableEnds =
  (rows: Rows): LogEnds =>
  () =>
    rows<LogEnd>('select topic, part, next_offset::int as high from log.head where topic = any($1)', [
      consumed,
    ]);

import { within as inTime } from '@linli/kernel';

/** A call of Kafka's, bounded by us. */
export const within = <T>(ms: number, what: string, work: Promise<T>): Promise<T> =>
  inTime(ms, work, `Kafka, ${what}`);

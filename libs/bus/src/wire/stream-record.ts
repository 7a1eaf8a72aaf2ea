import { partitionOf, type TopicSpec } from '@linli/contracts';
import type { NewRecord } from '../log/log.js';

/** A record of an intake stream, in the partition of its key. A Buffer travels as it is, anything else as JSON. */
export const streamRecord = (
  topic: TopicSpec,
  key: string,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): NewRecord => ({
  partition: partitionOf(key, topic),
  key,
  value: Buffer.isBuffer(value) ? value : Buffer.from(JSON.stringify(value)),
  headers: { 'content-type': 'application/json', ...headers },
});

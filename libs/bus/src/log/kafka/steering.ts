import type { Consumer } from 'kafkajs';
import { failpoint } from '../../failpoint.js';

/** One kafkajs consumer, narrowed to the topic. All but `commit` take effect with the next fetch. */
export interface Steering {
  pause(partitions: readonly number[]): void;
  resume(partitions: readonly number[]): void;
  seek(partition: number, offset: number): void;
  commit(offsets: ReadonlyMap<number, number>): Promise<void>;
}

/** After its end a kafkajs consumer throws at each of these; the assignment is over then, and nothing is missed. */
export const steer = (consumer: Consumer, topic: string): Steering => ({
  pause: (partitions) => consumer.pause([{ topic, partitions: [...partitions] }]),
  resume: (partitions) => consumer.resume([{ topic, partitions: [...partitions] }]),
  seek: (partition, offset) => consumer.seek({ topic, partition, offset: String(offset) }),
  commit: (offsets) => {
    failpoint('before-offset-commit');
    return consumer.commitOffsets(
      [...offsets].map(([partition, offset]) => ({ topic, partition, offset: String(offset) })),
    );
  },
});

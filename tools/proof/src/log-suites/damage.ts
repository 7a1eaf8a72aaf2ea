import { eventually } from '@linli/testing';
import type { TopicSpec } from '@linli/contracts';
import { deleteRecords, type Ground } from './ground.js';

/** What a damage is done to: a topic, the schema and progress of who reads it, and a way to send more. */
export interface Victim {
  readonly ground: Ground;
  readonly topic: TopicSpec;
  readonly readerSchema: string;
  /** Sends, and waits until it is in the log. */
  more(count: number): Promise<void>;
}

/** A way to lose or change the log under a reader that is away, with records that it has not read. */
export interface Damage {
  readonly name: string;
  readonly inflict: (victim: Victim) => Promise<void>;
}

const partitionsIn = async ({ ground, topic }: Victim): Promise<number> => {
  const { topics } = await ground.admin.fetchTopicMetadata({ topics: [topic.name] });
  return topics[0]?.partitions.length ?? 0;
};

export const recreate = async (victim: Pick<Victim, 'ground' | 'topic'>): Promise<void> => {
  const { ground, topic } = victim;
  await ground.admin.deleteTopics({ topics: [topic.name] });
  await eventually(async () => !(await ground.admin.listTopics()).includes(topic.name));
  // The name may still be taken for a moment after it left the list.
  await eventually(async () => {
    await ground.log.provision([topic]);
    return true;
  });
};

const anew =
  (count: number): Damage['inflict'] =>
  async (victim) => {
    await victim.more(20);
    await recreate(victim);
    await victim.more(count);
  };

/** Readers have read 60 records over two partitions when these strike. */
export const damages: readonly Damage[] = [
  {
    name: 'records deleted before an unread offset',
    inflict: async (victim) => {
      await victim.more(60);
      for (const { partition, high } of await victim.ground.log.watermarks(victim.topic))
        await deleteRecords(victim.ground, victim.topic, partition, high - 1);
    },
  },
  { name: 'topic made anew, shorter', inflict: anew(6) },
  { name: 'topic made anew, longer', inflict: anew(200) },
  {
    name: 'stored offset beyond the end',
    inflict: async (victim) => {
      const { ground, topic, readerSchema } = victim;
      await victim.more(20);
      await ground.database.query(
        `update ${readerSchema}.progress set next_offset = next_offset + 5000 where topic = $1`,
        [topic.name],
      );
    },
  },
  // Last: what is made anew after it would have the new number from the start.
  {
    name: 'partitions added',
    inflict: async (victim) => {
      const { ground, topic } = victim;
      await ground.admin.createPartitions({ topicPartitions: [{ topic: topic.name, count: 4 }] });
      await eventually(async () => (await partitionsIn(victim)) === 4);
      await victim.more(60);
    },
  },
];

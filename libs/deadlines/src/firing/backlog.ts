import type { Bus } from '@linli/bus';
import type { TopicSpec } from '@linli/contracts';

/** How many commands of a topic wait: not sent yet, or sent and not handled by the partitions that this process has. */
export const backlogOf = (bus: Pick<Bus, 'state'>, topic: TopicSpec) => async (): Promise<number> => {
  const { consumers, unstamped, unpublished } = await bus.state();
  const behind = consumers
    .filter((consumer) => consumer.topic === topic.name)
    .reduce((sum, { next, high }) => sum + Math.max(0, high - next), 0);
  return behind + unstamped + unpublished;
};

import type { PartitionView, ServiceStatus } from '@linli/contracts';

/** A fact leaves within a second; a minute later something is wrong. */
const LATE_S = 60;
/** A partition that rests tries again within ten seconds; after a minute the outside is really away. */
const RESTS_MS = 60_000;

const partitionNeeds = (view: PartitionView, now: Date): string[] => {
  const where = `${view.topic}/${view.partition}`;
  const rests = view.pausedSince === null ? 0 : now.getTime() - Date.parse(view.pausedSince);
  return [
    ...(view.halted === null ? [] : [`${where} is halted: ${view.halted}`]),
    ...(rests > RESTS_MS ? [`${where} has rested since ${view.pausedSince}: what it needs is away`] : []),
    ...(view.expiring
      ? [
          `${where} has unread records older than a quarter of their retention: they will be lost if it does not move`,
        ]
      : []),
    ...(view.crashes > 0
      ? [`${where}: ${view.crashes} processes died here without getting anything done`]
      : []),
  ];
};

/** What an operator should look at, a sentence each. */
export const attentionOf = (status: Omit<ServiceStatus, 'attention'>, now: Date): string[] => {
  const { relay, deadLetters, parkedKeys } = status;
  const late = relay?.oldestSeconds ?? 0;
  return [
    ...status.reasons,
    ...status.partitions.flatMap((view) => partitionNeeds(view, now)),
    ...(late > LATE_S ? [`facts wait to be sent for ${Math.round(late)} s: is the log away?`] : []),
    ...(deadLetters.open > 0 ? [`${deadLetters.open} dead letters: linli dlq list`] : []),
    ...(parkedKeys > 0 ? [`${parkedKeys} parked keys: linli keys list`] : []),
  ];
};

import type { TopicSpec } from '@linli/contracts';
import { within } from '@linli/kernel';
import type { BusState } from '../bus.js';
import { retentionOf } from '../log/limits.js';
import type { Watermarks } from '../log/log.js';
import type { PartitionState } from './operate.js';
import type { PartitionRow } from '../store/operate-store.js';
import type { OperateParts, Target } from './target.js';

/** A quarter of the time that the log keeps records: from then on an outage is a danger (reliability G-1). */
const DANGER = 0.25;
const LOG_WITHIN_MS = 2_000;

interface Known {
  readonly marks: Watermarks;
  readonly row: PartitionRow | undefined;
  readonly held: BusState['consumers'][number] | undefined;
  readonly unreadSince: Date | null;
}

const secondsBetween = (from: Date, to: Date): number => Math.max(0, (to.getTime() - from.getTime()) / 1000);
const iso = (at: Date | null | undefined): string | null => at?.toISOString() ?? null;
const nextOf = ({ row, marks }: Pick<Known, 'row' | 'marks'>): number => row?.next ?? marks.low;

const viewOf = <Tx>({ topic, how }: Target<Tx>, known: Known, now: Date): PartitionState => {
  const { marks, row, held, unreadSince } = known;
  const next = nextOf(known);
  const retentionSeconds = retentionOf(topic) / 1000;
  const age = unreadSince === null ? null : secondsBetween(unreadSince, now);
  return {
    ...{ topic: topic.name, partition: marks.partition, kind: how },
    ...{ next, low: marks.low, high: marks.high, lag: Math.max(0, marks.high - next) },
    ...{
      oldestUnreadSeconds: age,
      retentionSeconds,
      expiring: age !== null && age > retentionSeconds * DANGER,
    },
    halted: held?.halted ?? row?.halted ?? null,
    haltedAt: iso(row?.haltedAt),
    pausedSince: iso(held?.pausedSince),
    lastProgressAt: iso(held?.lastProgressAt ?? row?.movedAt),
    ...{ owner: row?.owner ?? null, crashes: row?.crashCount ?? 0 },
  };
};

/** When the first unread record came: one small fetch for each partition that is behind. */
const unreadSince = async <Tx>(
  { log }: OperateParts<Tx>,
  topic: TopicSpec,
  partition: number,
  next: number,
): Promise<Date | null> =>
  within(LOG_WITHIN_MS, log.readAt(topic, partition, next)).then(
    (record) => record?.appendedAt ?? null,
    () => null,
  );

const ofTopic = async <Tx>(
  parts: OperateParts<Tx>,
  target: Target<Tx>,
  held: BusState['consumers'],
): Promise<PartitionState[]> => {
  const { store, log, clock } = parts;
  const { topic, group } = target;
  const rows = await store.operate.partitions(store.reader('http'), group, topic.name);
  const all = await within(LOG_WITHIN_MS, log.watermarks(topic), 'the ends of the log');
  return Promise.all(
    all.map(async (marks) => {
      const isHere = ({ partition }: { readonly partition: number }): boolean =>
        partition === marks.partition;
      const row = rows.find(isHere);
      const next = nextOf({ row, marks });
      const since = next < marks.high ? await unreadSince(parts, topic, marks.partition, next) : null;
      const mine = held.find((one) => one.topic === topic.name && isHere(one));
      return viewOf(target, { marks, row, held: mine, unreadSince: since }, clock.now());
    }),
  );
};

/** Every partition that this service consumes, whichever process works on it: from the rows and from the log. */
export const partitionViews = async <Tx>(
  parts: OperateParts<Tx>,
  held: BusState['consumers'],
): Promise<PartitionState[]> =>
  (await Promise.all(parts.targets.map((target) => ofTopic(parts, target, held)))).flat();

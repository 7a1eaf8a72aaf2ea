import {
  INTAKE_LIMITS,
  partitionOf,
  RISK_INTAKE,
  type IntakeEvent,
  type IntakeRecord,
} from '@linli/contracts';

export interface Parcel {
  readonly tenant: string;
  readonly receivedAt: number;
  readonly correlationId: string;
}

/** The content of one record of the log. */
export interface Pack {
  readonly partition: number;
  readonly value: Buffer;
}

const packsOf = (partition: number, parcel: Parcel, events: readonly IntakeEvent[]): Pack[] => {
  const content: IntakeRecord = { ...parcel, events: events as IntakeEvent[] };
  const value = Buffer.from(JSON.stringify(content));
  if (value.length > INTAKE_LIMITS.bytesPerRecord && events.length > 1) {
    const middle = events.length >> 1;
    return [events.slice(0, middle), events.slice(middle)].flatMap((half) =>
      packsOf(partition, parcel, half),
    );
  }
  return [{ partition, value }];
};

const partitions = new Map<string, number>();
const MOST_KEPT = 20_000;

/** Areas repeat: their partition is computed once. */
const partitionOfArea = (area: string): number => {
  const kept = partitions.get(area);
  if (kept !== undefined) {
    return kept;
  }
  const partition = partitionOf(area, RISK_INTAKE);
  if (partitions.size >= MOST_KEPT) {
    partitions.clear();
  }
  partitions.set(area, partition);
  return partition;
};

/** Packs events into few records within the limits, each in the partition of its areas, order kept. */
export const packed = (events: readonly IntakeEvent[], parcel: Parcel): Pack[] => {
  const full: Pack[] = [];
  const open = new Map<number, IntakeEvent[]>();
  for (const event of events) {
    const partition = partitionOfArea(event.area);
    const current = open.get(partition);
    if (current === undefined || current.length === INTAKE_LIMITS.eventsPerRecord) {
      full.push(...(current ? packsOf(partition, parcel, current) : []));
      open.set(partition, [event]);
    } else {
      current.push(event);
    }
  }
  return [...full, ...[...open].flatMap(([partition, rest]) => packsOf(partition, parcel, rest))];
};

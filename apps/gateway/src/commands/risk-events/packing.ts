import type { NewRecord } from '@linli/bus';
import { INTAKE_LIMITS, partitionOf, RISK_INTAKE, type IntakeEvent } from '@linli/contracts';

export interface Parcel {
  readonly tenant: string;
  readonly receivedAt: number;
  readonly correlationId: string;
}

interface Open {
  readonly events: string[];
  bytes: number;
}

const record = (partition: number, parcel: Parcel, events: readonly string[]): NewRecord => ({
  partition,
  key: null,
  // The shape of `IntakeRecord`; the events are JSON already, so that none is written twice.
  value: Buffer.from(`${JSON.stringify(parcel).slice(0, -1)},"events":[${events.join(',')}]}`),
  headers: { 'content-type': 'application/json' },
});

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

/** Packs events into as few records as the limits allow, each in the partition of its areas, order kept. */
export const packed = (events: readonly IntakeEvent[], parcel: Parcel): NewRecord[] => {
  const open = new Map<number, Open>();
  const records: NewRecord[] = [];
  const most = INTAKE_LIMITS.bytesPerRecord - JSON.stringify(parcel).length - 32;
  for (const event of events) {
    const partition = partitionOfArea(event.area);
    const text = JSON.stringify(event);
    const bytes = Buffer.byteLength(text) + 1;
    let current = open.get(partition) ?? { events: [], bytes: 0 };
    if (current.events.length >= INTAKE_LIMITS.eventsPerRecord || current.bytes + bytes > most) {
      records.push(record(partition, parcel, current.events));
      current = { events: [], bytes: 0 };
    }
    current.events.push(text);
    current.bytes += bytes;
    open.set(partition, current);
  }
  for (const [partition, { events: rest }] of open) {
    records.push(record(partition, parcel, rest));
  }
  return records;
};

import { INTAKE_LIMITS, partitionOf, RISK_INTAKE, type IntakeEvent } from '@linli/contracts';
import { writtenBare } from './written-event.js';

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

/** Room to write a record in, before it gets memory of its own size. */
const room = Buffer.allocUnsafe(INTAKE_LIMITS.bytesPerRecord);
const END = ']}';
const LONGEST_IN_UTF8 = 3;

/** One record while it is written. */
class OpenRecord {
  private at: number;
  private count = 0;

  constructor(private readonly opening: string) {
    this.at = room.write(opening);
  }

  get isEmpty(): boolean {
    return this.count === 0;
  }

  /** False, and nothing is written, when it would be too much. */
  takes(text: string): boolean {
    const left = room.length - this.at - END.length - 1;
    const fits = text.length * LONGEST_IN_UTF8 <= left || Buffer.byteLength(text) <= left;
    if (!fits || this.count === INTAKE_LIMITS.eventsPerRecord) {
      return false;
    }
    if (this.count > 0) {
      this.at += room.write(',', this.at);
    }
    this.at += room.write(text, this.at);
    this.count += 1;
    return true;
  }

  /** Its bytes; another one may be written then. */
  close(): Buffer {
    const bytes = Buffer.from(room.subarray(0, this.at + room.write(END, this.at)));
    this.at = room.write(this.opening);
    this.count = 0;
    return bytes;
  }
}

/** The shape of `IntakeRecord`, written event by event: short texts of ASCII stay one byte a character on their way. */
const packsOf = (partition: number, opening: string, events: readonly string[]): Pack[] => {
  const packs: Pack[] = [];
  const record = new OpenRecord(opening);
  for (const event of events) {
    if (!record.takes(event)) {
      packs.push({ partition, value: record.close() });
      if (!record.takes(event)) {
        throw new Error('an event is larger than a record');
      }
    }
  }
  return record.isEmpty ? packs : [...packs, { partition, value: record.close() }];
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

/**
 * Packs events into as few records as the limits allow, each in the partition of its areas, order kept. `bare`: no text
 * in them needs an escape.
 */
export const packed = (events: readonly IntakeEvent[], parcel: Parcel, bare = false): Pack[] => {
  const write = bare ? writtenBare : (event: IntakeEvent) => JSON.stringify(event);
  const byPartition = new Map<number, string[]>();
  for (const event of events) {
    const partition = partitionOfArea(event.area);
    const texts = byPartition.get(partition);
    if (texts) {
      texts.push(write(event));
    } else {
      byPartition.set(partition, [write(event)]);
    }
  }
  const opening = `${JSON.stringify(parcel).slice(0, -1)},"events":[`;
  return [...byPartition].flatMap(([partition, texts]) => packsOf(partition, opening, texts));
};

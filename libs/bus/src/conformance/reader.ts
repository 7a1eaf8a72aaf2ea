import type { TopicSpec } from '@linli/contracts';
import { eventually } from '@linli/testing';
import type { Assignment, Log, LogRecord, Next, Subscriber } from '../log/log.js';

export interface ReaderSettings {
  readonly group?: string;
  /** Where to start; the low mark of every partition when left out. */
  start?(assigned: readonly Assignment[]): ReadonlyMap<number, number> | Promise<ReadonlyMap<number, number>>;
  /** Comes before the record is noted; an answer replaces "go on after the batch". */
  answer?(
    records: readonly LogRecord[],
    current: () => boolean,
  ): Next | undefined | Promise<Next | undefined>;
}

let groups = 0;

/** A consumer that notes what it was told, for expectations. */
export class Reader {
  readonly assignments: (readonly Assignment[])[] = [];
  readonly batches: (readonly LogRecord[])[] = [];
  private subscriber: Subscriber | null = null;

  static async on(log: Log, topic: TopicSpec, settings: ReaderSettings = {}): Promise<Reader> {
    const reader = new Reader();
    groups += 1;
    reader.subscriber = await log.subscribe({
      group: settings.group ?? `conformance.${process.pid}.${Date.now()}.${groups}`,
      topic,
      onAssigned: async (assigned) => {
        reader.assignments.push(assigned);
        return settings.start ? settings.start(assigned) : fromLow(assigned);
      },
      onRecords: async (records, current) => {
        reader.batches.push(records);
        return (await settings.answer?.(records, current)) ?? goOnAfter(records);
      },
    });
    return reader;
  }

  get records(): readonly LogRecord[] {
    return this.batches.flat();
  }

  of(partition: number): readonly LogRecord[] {
    return this.records.filter((record) => record.partition === partition);
  }

  texts(partition?: number): (string | undefined)[] {
    const records = partition === undefined ? this.records : this.of(partition);
    return records.map(({ value }) => value?.toString());
  }

  offsets(partition: number): number[] {
    return this.of(partition).map(({ offset }) => offset);
  }

  positions(): ReturnType<Subscriber['positions']> {
    return this.subscriber?.positions() ?? [];
  }

  get consuming(): boolean {
    return this.subscriber?.consuming() ?? false;
  }

  again(): void {
    this.subscriber?.again();
  }

  async stop(): Promise<void> {
    await this.subscriber?.stop();
  }
}

export const fromLow = (assigned: readonly Assignment[]): Map<number, number> =>
  new Map(assigned.map(({ partition, low }) => [partition, low]));

export const goOnAfter = (records: readonly LogRecord[]): Next => ({
  from: (records.at(-1)?.offset ?? -1) + 1,
});

/** A promise to be opened from outside. */
export class Gate {
  open!: () => void;
  readonly passed = new Promise<void>((resolve) => {
    this.open = resolve;
  });
}

/** Waits for a fact; fails with what was seen instead. */
export const until = async (fact: () => boolean, seen: () => unknown = fact): Promise<void> => {
  await eventually(fact, { withinMs: 20_000, everyMs: 5, what: 'the fact' }).catch((cause: unknown) => {
    throw new Error(`never came true: ${fact.toString()}; seen: ${JSON.stringify(seen())}`, { cause });
  });
};

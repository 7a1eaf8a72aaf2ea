import type { TopicSpec } from '@linli/contracts';
import { refuseUnfit, sizeOf } from './limits.js';
import type { NewRecord } from './log.js';
import { PublishRefused, PublishUnknown } from './publish-fault.js';

export interface LaneSettings {
  /** Records of one lane are sent one batch after another; all records of a partition must share a lane. */
  laneOf(topic: TopicSpec, partition: number): string;
  /**
   * Resolves when all are durable. Rejects with `PublishRefused` when surely none is in the log, with anything else
   * when that is not known. A refusal coded `LOG_RECORD_INVALID` is tried again caller by caller, so that a bad
   * record harms its own caller only.
   */
  send(batch: readonly LaneItem[]): Promise<void>;
  readonly maxBatchRecords: number;
  readonly maxBatchBytes: number;
  /** How long a caller waits for its answer. */
  readonly deadlineMs: number;
  /** Bytes of all callers together that may wait; beyond, the answer is a refusal at once. */
  readonly maxWaitingBytes: number;
}

export interface LaneItem {
  readonly topic: TopicSpec;
  readonly record: NewRecord;
  readonly bytes: number;
  readonly ticket: Ticket;
}

/** One call of `publish`. */
class Ticket {
  settled = false;
  /** Some of its records were handed to `send`. */
  handed = false;
  readonly done: Promise<void>;
  private left: number;
  private readonly timer: NodeJS.Timeout;
  private resolve!: () => void;
  private reject!: (fault: Error) => void;

  constructor(records: number, deadlineMs: number, onOverdue: () => void) {
    this.left = records;
    this.done = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
    this.timer = setTimeout(() => {
      this.fail(
        this.handed
          ? new PublishUnknown(`no answer from the log within ${deadlineMs} ms`)
          : new PublishRefused('LOG_UNAVAILABLE', `the log took nothing for ${deadlineMs} ms`),
      );
      onOverdue();
    }, deadlineMs);
  }

  sent(records: number): void {
    this.left -= records;
    if (this.left === 0) this.settle(this.resolve);
  }

  fail(fault: Error): void {
    this.settle(() => this.reject(fault));
  }

  private settle(answer: () => void): void {
    if (this.settled) return;
    this.settled = true;
    clearTimeout(this.timer);
    answer();
  }
}

interface Lane {
  waiting: LaneItem[];
  driven: Promise<void> | null;
}

/**
 * Group commit without a delay: while one batch of a lane is on its way, the calls that come in gather to be the next
 * one. Bounded in memory and in time, and exact about what may have reached the log: what was never handed over is
 * refused, what was handed over and not answered is unknown.
 *
 * A lane goes on only when its batch has settled, even if its callers have long been answered: overtaking it could
 * turn the order of a partition round.
 */
export class PublishLanes {
  private readonly lanes = new Map<string, Lane>();
  private waitingBytes = 0;
  private closed = false;

  constructor(private readonly settings: LaneSettings) {}

  async publish(topic: TopicSpec, records: readonly NewRecord[]): Promise<void> {
    if (this.closed) throw new PublishRefused('LOG_CLOSED', 'the log is closed');
    refuseUnfit(topic, records);
    if (records.length === 0) return;
    this.refuseOverload(records);
    const touched = new Set<Lane>();
    const ticket = new Ticket(records.length, this.settings.deadlineMs, () =>
      touched.forEach(this.dropOverdue),
    );
    for (const record of records) {
      const lane = this.laneFor(this.settings.laneOf(topic, record.partition));
      const bytes = sizeOf(record);
      lane.waiting.push({ topic, record, bytes, ticket });
      this.waitingBytes += bytes;
      touched.add(lane);
    }
    for (const lane of touched) lane.driven ??= this.drive(lane);
    await ticket.done;
  }

  /** Takes no more; waits for what is on its way, at most one deadline. */
  async close(): Promise<void> {
    this.closed = true;
    const driven = Promise.all([...this.lanes.values()].map(async (lane) => lane.driven));
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise((resolve) => {
      timer = setTimeout(resolve, this.settings.deadlineMs);
    });
    await Promise.race([driven, patience]);
    clearTimeout(timer);
  }

  private refuseOverload(records: readonly NewRecord[]): void {
    const bytes = records.reduce((sum, record) => sum + sizeOf(record), 0);
    if (this.waitingBytes > 0 && this.waitingBytes + bytes > this.settings.maxWaitingBytes) {
      throw new PublishRefused(
        'LOG_OVERLOADED',
        `${this.waitingBytes} bytes are waiting for the log already`,
      );
    }
  }

  private laneFor(name: string): Lane {
    const lane = this.lanes.get(name) ?? { waiting: [], driven: null };
    this.lanes.set(name, lane);
    return lane;
  }

  private async drive(lane: Lane): Promise<void> {
    await Promise.resolve();
    for (let batch = this.take(lane); batch.length > 0; batch = this.take(lane)) {
      await this.sendAll(batch);
    }
    lane.driven = null;
  }

  /** The next records in order, without those of callers that have had their answer. */
  private take(lane: Lane): LaneItem[] {
    const batch: LaneItem[] = [];
    let bytes = 0;
    let taken = 0;
    for (const item of lane.waiting) {
      const fits =
        batch.length < this.settings.maxBatchRecords && bytes + item.bytes <= this.settings.maxBatchBytes;
      if (batch.length > 0 && !fits) break;
      taken += 1;
      this.waitingBytes -= item.bytes;
      if (item.ticket.settled) continue;
      item.ticket.handed = true;
      bytes += item.bytes;
      batch.push(item);
    }
    lane.waiting = lane.waiting.slice(taken);
    return batch;
  }

  private async sendAll(batch: readonly LaneItem[]): Promise<void> {
    try {
      await this.settings.send(batch);
      for (const item of batch) item.ticket.sent(1);
    } catch (fault) {
      const callers = byTicket(batch);
      const refused = fault instanceof PublishRefused;
      if (refused && fault.code === 'LOG_RECORD_INVALID' && callers.length > 1) {
        for (const own of callers) await this.sendAll(own);
        return;
      }
      for (const own of callers) own[0]?.ticket.fail(refused ? fault : asUnknown(fault));
    }
  }

  /** Callers share one deadline, so those who gave up stand at the front of the queue. */
  private readonly dropOverdue = (lane: Lane): void => {
    const alive = lane.waiting.findIndex((item) => !item.ticket.settled);
    const overdue = alive === -1 ? lane.waiting : lane.waiting.slice(0, alive);
    for (const item of overdue) this.waitingBytes -= item.bytes;
    lane.waiting = lane.waiting.slice(overdue.length);
  };
}

const byTicket = (batch: readonly LaneItem[]): LaneItem[][] => {
  const callers = new Map<Ticket, LaneItem[]>();
  for (const item of batch) {
    const own = callers.get(item.ticket) ?? [];
    own.push(item);
    callers.set(item.ticket, own);
  }
  return [...callers.values()];
};

const asUnknown = (fault: unknown): PublishUnknown =>
  fault instanceof PublishUnknown
    ? fault
    : new PublishUnknown(fault instanceof Error ? fault.message : String(fault), { cause: fault });

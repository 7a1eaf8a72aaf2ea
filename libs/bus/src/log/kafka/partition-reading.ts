import { setTimeout as delay } from 'node:timers/promises';
import type { EachBatchPayload } from 'kafkajs';
import type { Next, Subscriber, Subscription, Watermarks } from '../log.js';
import { type LogLogger, type Position, handOver, positionsFrom } from '../position.js';
import type { Steering } from './steering.js';
import { afterChunk, chunksOf, fetchedFrom } from './chunks.js';
import { Hint } from './hint.js';
import { inTime } from './in-time.js';
import { isRebalance } from './rebalance.js';

export interface ReadingSettings {
  readonly subscription: Subscription;
  watermarks(): Promise<readonly Watermarks[]>;
  readonly logger?: LogLogger | undefined;
}

/** A fetch waits for all its partitions, so no partition may take its worker for long. */
const BUDGET_MS = 1_000;
/** How long the neighbours of a partition wait for it; one that failed just now will take long again. */
const PATIENCE_MS = { usual: 500, troubled: 50 };
const PAUSE_MS = { first: 250, last: 5_000 };

/** What a member of the group reads: from an assignment to its end, over any number of kafkajs consumers. */
export class PartitionReading {
  private epoch = 0;
  private held = new Map<number, Position>();
  private readonly highs = new Map<number, number>();
  private readonly running = new Map<number, Promise<void>>();
  private steering: Steering | null = null;
  settled = false;
  private readonly hint = new Hint(() => this.commit());
  private draining = false;

  constructor(private readonly settings: ReadingSettings) {}

  /**
   * A new assignment. The pause is synchronous and comes first: kafkajs does not await its listeners, and would fetch
   * from its own idea of the offsets before ours are known.
   */
  joined(steering: Steering, partitions: readonly number[]): void {
    steering.pause(partitions);
    this.end();
    this.steering = steering;
    void this.settle(this.epoch, partitions);
  }

  /** The assignment is over: what still runs sees `current()` false and its answer is ignored. */
  end(): void {
    this.epoch += 1;
    this.held = new Map();
    this.settled = false;
  }

  positions(): ReturnType<Subscriber['positions']> {
    return [...this.held.values()].map(({ partition, next, halted }) => ({
      partition,
      next,
      high: Math.max(next, this.highs.get(partition) ?? 0),
      halted,
    }));
  }

  /**
   * Compares with the marks of the log: finds a position that is no longer in it where no new record would show that,
   * and the high marks of paused partitions, which nobody fetches.
   */
  async compare(): Promise<void> {
    const asked = new Map([...this.held.values()].map((position) => [position, position.next]));
    for (const { partition, low, high } of await this.settings.watermarks()) {
      this.highs.set(partition, high);
      const position = this.held.get(partition);
      if (!position || position.halted !== null) continue;
      if (position.next < low || (asked.get(position) ?? 0) > high) {
        this.lost(position, `${low}..${high}`);
        return;
      }
    }
  }

  /** Takes no new batch, waits for those running, leaves a last hint. */
  async drain(): Promise<void> {
    this.draining = true;
    await Promise.all(this.running.values());
    await this.hint.now();
  }

  /** For kafkajs' `eachBatch`. Nothing leaves it but the news of a rebalance, which kafkajs answers by joining again. */
  async batch(payload: EachBatchPayload): Promise<void> {
    const { partition } = payload.batch;
    // Of an earlier assignment, whose consumer may be another one: one call at a time all the same.
    while (this.running.has(partition))
      if (!(await inTime(this.running.get(partition), PATIENCE_MS.usual))) return;
    const work = this.read(payload).catch((error: unknown) => {
      if (isRebalance(error)) throw error;
      this.settings.logger?.error({ err: error }, 'a batch could not be worked on; it comes again');
      this.doubt();
    });
    const over = work.catch(() => undefined).then(() => void this.running.delete(partition));
    this.running.set(partition, over);
    const patience = this.held.get(partition)?.troubled ? PATIENCE_MS.troubled : PATIENCE_MS.usual;
    if (!(await inTime(work, patience))) this.detach(partition, over);
  }

  /** A fetch waits for the batches of all its partitions: one that takes long is worked on beside it, and then resumed. */
  private detach(partition: number, over: Promise<void>): void {
    const [{ epoch, steering }, position] = [this, this.held.get(partition)];
    if (!position) return;
    steering?.pause([partition]);
    const back = (): void => {
      if (epoch !== this.epoch || position.halted !== null || position.resting) return;
      steering?.seek(partition, position.next);
      steering?.resume([partition]);
    };
    void over.then(back);
  }

  private async settle(epoch: number, partitions: readonly number[], afterMs = 0): Promise<void> {
    const { subscription, logger } = this.settings;
    if (afterMs > 0) await delay(afterMs, undefined, { ref: false });
    for (let pause = PAUSE_MS.first; epoch === this.epoch; pause = Math.min(pause * 2, PAUSE_MS.last)) {
      try {
        const marks = await this.settings.watermarks();
        const assigned = marks.filter(({ partition }) => partitions.includes(partition));
        const starts = await subscription.onAssigned(assigned);
        if (epoch === this.epoch) this.begin(assigned, starts);
        return;
      } catch (err) {
        logger?.warn({ err, group: subscription.group }, 'no start could be found; asking again');
        await delay(pause, undefined, { ref: false });
      }
    }
  }

  /** A fresh seek for every partition before any is resumed: kafkajs keeps pauses and seeks of assignments long gone. */
  private begin(assigned: readonly Watermarks[], starts: ReadonlyMap<number, number>): void {
    const { logger, subscription } = this.settings;
    this.held = positionsFrom(assigned, starts);
    for (const { partition, high } of assigned) this.highs.set(partition, high);
    const open: number[] = [];
    for (const { partition, next, halted } of this.held.values()) {
      if (halted !== null) {
        logger?.error({ topic: subscription.topic.name, partition, halted }, 'halted');
        continue;
      }
      this.steering?.seek(partition, next);
      open.push(partition);
    }
    this.steering?.resume(open);
    this.settled = true;
  }

  private async read(payload: EachBatchPayload): Promise<void> {
    const { batch } = payload;
    const position = this.held.get(batch.partition);
    if (!position || position.halted !== null || position.resting || this.draining) return;
    if (fetchedFrom(batch) !== position.next) {
      this.lost(position, `from ${fetchedFrom(batch)}`);
      return;
    }
    const { epoch } = this;
    const current = (): boolean => epoch === this.epoch;
    this.highs.set(batch.partition, Number(batch.highWatermark));
    const end = performance.now() + BUDGET_MS;
    const rest = chunksOf(batch);
    for (const chunk of rest) {
      const next = await handOver(this.settings.subscription, chunk, current, this.settings.logger);
      const isLast = chunk === rest.at(-1);
      if (!current() || !this.follow(position, next, afterChunk(chunk))) return;
      payload.resolveOffset(String(position.next - 1));
      // Control records at the end of a batch are resolved by kafkajs together with its last record.
      if (isLast) position.next = Number(batch.lastOffset()) + 1;
      if (isLast || this.draining || performance.now() > end) return;
      await this.beat(payload);
      if (!current()) return;
    }
  }

  /** True when the reading goes on with the next record. */
  private follow(position: Position, next: Next, after: number): boolean {
    const { partition } = position;
    if ('halt' in next) {
      position.halted = next.halt;
      this.steering?.pause([partition]);
      return false;
    }
    position.next = next.from;
    position.troubled = 'afterMs' in next;
    this.hint.later();
    if ('afterMs' in next) {
      this.rest(position, next.afterMs);
      return false;
    }
    if (next.from === after) return true;
    this.steering?.seek(partition, next.from);
    return false;
  }

  private rest(position: Position, ms: number): void {
    const { epoch, steering } = this;
    position.resting = true;
    steering?.pause([position.partition]);
    setTimeout(() => {
      position.resting = false;
      if (epoch !== this.epoch) return;
      steering?.seek(position.partition, position.next);
      steering?.resume([position.partition]);
    }, ms).unref();
  }

  /** Tells kafkajs of a rebalance at once, so that the other batches of this fetch are not begun in vain. */
  private async beat(payload: EachBatchPayload): Promise<void> {
    try {
      await payload.heartbeat();
    } catch (error) {
      if (!isRebalance(error)) return;
      this.end();
      throw error;
    }
  }

  /**
   * kafkajs brought something else than what was asked for: it "recovers" silently from a position that the log no
   * longer has, and a batch of an earlier assignment may come late. Never read on by guess: ask for the starts anew.
   */
  private lost({ partition, next }: Position, served: string): void {
    const where = { topic: this.settings.subscription.topic.name, partition, next, served };
    this.settings.logger?.warn(
      where,
      'the log does not serve the position that was asked for; starting anew',
    );
    this.doubt();
  }

  /** What is read may be another log by now: nothing more is handed over before the starts were asked for anew. */
  doubt(): void {
    const partitions = [...this.held.keys()];
    if (partitions.length === 0) return;
    this.steering?.pause(partitions);
    this.end();
    void this.settle(this.epoch, partitions, PAUSE_MS.first);
  }

  private async commit(): Promise<void> {
    const offsets = new Map([...this.held.values()].map(({ partition, next }) => [partition, next]));
    await this.steering?.commit(offsets).catch((err: unknown) => {
      this.settings.logger?.debug({ err }, 'the committed offsets could not be told to Kafka');
    });
  }
}

import type { LogRecord, Next, Subscriber, Subscription, Watermarks } from './log.js';
import { type LogLogger, type Position, handOver, positionsFrom } from './position.js';

/** Runs work after a while. Injected in simulation. */
export type Schedule = (ms: number, work: () => void) => void;

/** A log that is asked for records, as opposed to Kafka, whose client brings them. */
export interface PullSource {
  /** The marks as last known. `turn` is called when they may have moved. */
  heads(): readonly Watermarks[];
  /** Records of each wanted partition from the wanted offset on; bounded. */
  read(wanted: ReadonlyMap<number, number>): Promise<ReadonlyMap<number, readonly LogRecord[]>>;
}

export interface PullSettings {
  readonly subscription: Subscription;
  readonly source: PullSource;
  readonly schedule: Schedule;
  readonly logger?: LogLogger | undefined;
  readonly onStopped: () => void;
}

const AGAIN_MS = 250;

/** The consumer's side of the Postgres and the memory log. */
export class PullSubscriber implements Subscriber {
  private epoch = 0;
  private partitions: readonly number[] = [];
  private held = new Map<number, Position>();
  private settled = false;
  private readonly running = new Map<number, Promise<void>>();
  private reading: Promise<void> | null = null;
  private stopping: Promise<void> | null = null;

  constructor(private readonly settings: PullSettings) {}

  /** Begins a new assignment; the one before ends here and now. */
  assign(partitions: readonly number[]): void {
    this.epoch += 1;
    this.partitions = partitions;
    this.held = new Map();
    this.settled = false;
    if (this.stopping === null) void this.settle(this.epoch);
  }

  again(): void {
    this.assign(this.partitions);
  }

  /** Reads what is new and starts what can run. */
  turn(): void {
    if (this.reading !== null || this.stopping !== null) return;
    const wanted = this.wanted();
    if (wanted.size === 0) return;
    this.reading = this.read(wanted, this.epoch).finally(() => {
      this.reading = null;
      this.turn();
    });
  }

  consuming(): boolean {
    return this.settled;
  }

  positions(): ReturnType<Subscriber['positions']> {
    const highs = new Map(this.settings.source.heads().map(({ partition, high }) => [partition, high]));
    return [...this.held.values()].map(({ partition, next, halted }) => ({
      partition,
      next,
      high: highs.get(partition) ?? next,
      halted,
    }));
  }

  stop(): Promise<void> {
    this.stopping ??= this.end();
    return this.stopping;
  }

  private async end(): Promise<void> {
    await this.reading;
    await Promise.all(this.running.values());
    this.assign([]);
    this.settings.onStopped();
  }

  private async settle(epoch: number): Promise<void> {
    const { subscription, source, schedule, logger } = this.settings;
    const assigned = source.heads().filter(({ partition }) => this.partitions.includes(partition));
    try {
      const starts = await subscription.onAssigned(assigned);
      if (this.isOver(epoch)) return;
      this.held = positionsFrom(assigned, starts);
      this.settled = true;
      this.turn();
    } catch (err) {
      logger?.warn({ err, group: subscription.group }, 'no start could be found; asking again');
      schedule(AGAIN_MS, () => {
        if (!this.isOver(epoch)) void this.settle(epoch);
      });
    }
  }

  private isOver(epoch: number): boolean {
    return epoch !== this.epoch || this.stopping !== null;
  }

  /** What may be read now. */
  private wanted(): Map<number, number> {
    const heads = new Map(this.settings.source.heads().map((head) => [head.partition, head] as const));
    const wanted = new Map<number, number>();
    for (const { partition, next, halted, resting } of this.held.values()) {
      const head = heads.get(partition);
      if (!head || halted !== null || resting || this.running.has(partition)) continue;
      if (next < head.low) {
        this.assign(this.partitions);
        return new Map();
      }
      if (next < head.high) wanted.set(partition, next);
    }
    return wanted;
  }

  private async read(wanted: ReadonlyMap<number, number>, epoch: number): Promise<void> {
    const found = await this.settings.source.read(wanted).catch((err: unknown) => {
      this.settings.logger?.warn(
        { err, topic: this.settings.subscription.topic.name },
        'the log cannot be read',
      );
      return new Map<number, readonly LogRecord[]>();
    });
    if (this.isOver(epoch)) return;
    for (const partition of wanted.keys()) {
      const position = this.held.get(partition);
      const records = found.get(partition);
      if (!position) continue;
      if (records && records.length > 0) this.start(position, records);
      else this.rest(position, AGAIN_MS);
    }
  }

  private start(position: Position, records: readonly LogRecord[]): void {
    const { partition } = position;
    const work = this.deliver(position, records).finally(() => {
      this.running.delete(partition);
      this.turn();
    });
    this.running.set(partition, work);
  }

  private async deliver(position: Position, records: readonly LogRecord[]): Promise<void> {
    const { epoch } = this;
    const current = (): boolean => epoch === this.epoch;
    const next = await handOver(this.settings.subscription, records, current, this.settings.logger);
    if (current()) this.follow(position, next);
  }

  private follow(position: Position, next: Next): void {
    if ('halt' in next) {
      position.halted = next.halt;
      return;
    }
    position.next = next.from;
    if ('afterMs' in next) this.rest(position, next.afterMs);
  }

  private rest(position: Position, ms: number): void {
    position.resting = true;
    this.settings.schedule(ms, () => {
      position.resting = false;
      this.turn();
    });
  }
}

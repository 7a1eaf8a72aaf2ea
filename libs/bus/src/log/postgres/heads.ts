import type { Transaction } from '@linli/store';
import type { Watermarks } from '../log.js';
import type { LogLogger } from '../position.js';
import { HEADS, MARK_OF_HEADS } from './statements.js';

export interface HeadRow extends Watermarks {
  readonly topic: string;
}

const BUSY_MS = 100;
const IDLE_MS = 500;
const FAULT_MS = 1_000;
const IDLE_AFTER_MS = 2_000;

/**
 * The heads of all topics with a subscriber: one small query for all of them, often while something happens, less
 * often at rest. A publish of this process tells its own heads at once; the polling is for those of other processes.
 */
export class Heads {
  private readonly known = new Map<string, Map<number, Watermarks>>();
  private readonly listeners = new Map<string, Set<() => void>>();
  private timer: NodeJS.Timeout | null = null;
  private movedAt = 0;
  /** Of the heads as last read by polling; the topics are part of it. */
  private mark = '';
  private closed = false;

  constructor(
    private readonly connection: Transaction,
    private readonly logger?: LogLogger,
  ) {}

  of(topic: string): readonly Watermarks[] {
    return [...(this.known.get(topic)?.values() ?? [])];
  }

  /** Asks the database now. */
  async refresh(topics: readonly string[]): Promise<void> {
    this.learn(await this.connection.query<HeadRow>(HEADS, [topics]));
  }

  /** Calls `onMove` after each change of a head of the topic, until the returned function is called. */
  follow(topic: string, onMove: () => void): () => void {
    const followers = this.listeners.get(topic) ?? new Set();
    followers.add(onMove);
    this.listeners.set(topic, followers);
    this.poll(BUSY_MS);
    return () => {
      followers.delete(onMove);
      if (followers.size === 0) this.listeners.delete(topic);
    };
  }

  /** Marks only rise: a poll that was on its way during a publish must not turn them back. */
  learn(rows: readonly HeadRow[]): void {
    const moved = new Set<string>();
    for (const { topic, partition, low, high } of rows) {
      const heads = this.known.get(topic) ?? new Map<number, Watermarks>();
      this.known.set(topic, heads);
      const last = heads.get(partition);
      if (last && last.low >= low && last.high >= high) continue;
      heads.set(partition, {
        partition,
        low: Math.max(low, last?.low ?? 0),
        high: Math.max(high, last?.high ?? 0),
      });
      moved.add(topic);
    }
    if (moved.size > 0) this.movedAt = performance.now();
    for (const topic of moved) this.listeners.get(topic)?.forEach((onMove) => onMove());
  }

  close(): void {
    this.closed = true;
    if (this.timer) clearTimeout(this.timer);
  }

  private poll(inMs: number): void {
    if (this.closed || this.timer || this.listeners.size === 0) return;
    this.timer = setTimeout(() => void this.round(), inMs);
  }

  private async round(): Promise<void> {
    const next = await this.ask();
    this.timer = null;
    this.poll(next);
  }

  /** One number tells that nothing moved, as at most times; only else all heads are read. */
  private async look(topics: readonly string[]): Promise<void> {
    const [row] = await this.connection.query<{ mark: string }>(MARK_OF_HEADS, [topics]);
    const mark = `${topics.join(' ')} ${row?.mark}`;
    if (mark === this.mark) return;
    await this.refresh(topics);
    this.mark = mark;
  }

  /** How long to wait for the next time. */
  private async ask(): Promise<number> {
    try {
      await this.look([...this.listeners.keys()]);
      return performance.now() - this.movedAt < IDLE_AFTER_MS ? BUSY_MS : IDLE_MS;
    } catch (err) {
      if (!this.closed) this.logger?.warn({ err }, 'the heads of the log cannot be read; trying again');
      return FAULT_MS;
    }
  }
}

import type { BusState } from '../bus.js';
import type { Assignment, Log, LogRecord, Next, Subscriber } from '../log/log.js';
import { startOf } from './assignment.js';
import { Attempts } from './attempt.js';
import { GroupCommit } from './group-commit.js';
import { PartitionWorker } from './partition-worker.js';
import type { ConsumerParts } from './parts.js';

/** One topic of one group: hands each assigned partition to a worker of its own. */
export class TopicConsumer<Tx, T> {
  private readonly workers = new Map<number, PartitionWorker<Tx, T>>();
  private subscriber: Subscriber | null = null;
  private draining = false;
  readonly attempts: Attempts<Tx, T>;
  readonly together: GroupCommit<Tx, T>;

  constructor(private readonly parts: ConsumerParts<Tx, T>) {
    this.attempts = new Attempts(parts);
    this.together = new GroupCommit(parts, this.attempts);
  }

  async start(log: Log): Promise<void> {
    const { group, topic } = this.parts;
    this.subscriber = await log.subscribe({
      group,
      topic,
      onAssigned: (assigned) => this.onAssigned(assigned),
      onRecords: (records, current) => this.onRecords(records, current),
    });
  }

  /** Rejects while the offsets cannot be read; the log asks again, and nothing is delivered until then. */
  async onAssigned(assigned: readonly Assignment[]): Promise<ReadonlyMap<number, number>> {
    try {
      return await this.assign(assigned);
    } catch (error) {
      this.parts.onFault(`${this.parts.topic.name}: offsets cannot be loaded: ${String(error)}`);
      throw error;
    }
  }

  async onRecords(records: readonly LogRecord[], current: () => boolean): Promise<Next> {
    const partition = records[0]?.partition ?? -1;
    const worker = this.workers.get(partition);
    if (!worker) return { halt: `partition ${partition} delivered without an assignment` };
    return worker.onRecords(records, () => current() && !this.draining);
  }

  consuming(): boolean {
    return !this.draining && (this.subscriber?.consuming() ?? false);
  }

  state(): BusState['consumers'] {
    return (this.subscriber?.positions() ?? []).map(({ partition, next, high, halted }) => {
      const worker = this.workers.get(partition);
      return {
        topic: this.parts.topic.name,
        partition,
        next,
        high,
        halted: worker?.halted ?? halted,
        pausedSince: worker?.pausedSince ?? null,
        lastProgressAt: worker?.lastProgressAt ?? null,
        behindSince: next < high ? (worker?.behindSince ?? null) : null,
      };
    });
  }

  /** Asks for all starts anew: an operator resumed a partition. */
  again(): void {
    this.subscriber?.again();
  }

  /** The running chunks end, the partitions are left in good order. */
  async drain(): Promise<void> {
    const { store, group, topic, owner, logger } = this.parts;
    this.draining = true;
    await this.subscriber?.stop();
    await store
      .transaction('consumer', (tx) => store.progress.release(tx, group, topic.name, owner))
      .catch((error: unknown) => logger.warn({ err: error, topic: topic.name }, 'left without a farewell'));
  }

  private async assign(assigned: readonly Assignment[]): Promise<ReadonlyMap<number, number>> {
    const { group, topic, store } = this.parts;
    const rows = await store.progress.of(store.reader('consumer'), group, topic.name);
    const starts = await Promise.all(
      assigned.map(async (assignment) => {
        const place = { group, topic: topic.name, partition: assignment.partition };
        return { place, start: await startOf(this.parts, place, assignment, rows.get(place.partition)) };
      }),
    );
    const answer = new Map<number, number>();
    for (const { place, start } of starts) {
      const worker = new PartitionWorker(this.parts, place, this);
      this.workers.set(place.partition, worker);
      if ('halt' in start) worker.halt(start.halt);
      else answer.set(place.partition, start.from);
    }
    return answer;
  }
}

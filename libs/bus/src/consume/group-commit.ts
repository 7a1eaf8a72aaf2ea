import type { Attempts } from './attempt.js';
import type { Item, SliceLimits } from './item.js';
import type { ConsumerParts } from './parts.js';
import type { Attempted, Share } from './share.js';

/** How long partitions wait for each other in a transaction before each goes on by itself. */
const PATIENCE_MS = 1_000;

interface Waiting<T> extends SliceLimits {
  readonly share: Share<T>;
  readonly answer: (attempted: Attempted | Promise<Attempted>) => void;
}

const sizeOf = (items: readonly Item<unknown>[]): SliceLimits => {
  const records = [...new Set(items.map(({ record }) => record))];
  return {
    records: records.length,
    bytes: records.reduce((sum, { value }) => sum + (value?.length ?? 0), 0),
  };
};

/**
 * One transaction for what waits in all partitions of a topic, so that its price is paid once and not by each: group
 * commit, without a delay to gather. A partition whose progress somebody else holds is left out of it. When such a
 * transaction fails or takes long, nobody knows whose fault it is: each partition goes on by itself until it has been
 * quick again, and the fault stays with the one that has it.
 *
 * (DeWitt et al., Implementation techniques for main memory database systems, 1984.)
 */
export class GroupCommit<Tx, T> {
  private readonly waiting: Waiting<T>[] = [];
  private readonly apart = new Set<number>();
  private readonly limits: SliceLimits;
  /** One at a time: two would wait for each other's rows. */
  private busy = false;

  constructor(
    private readonly parts: Pick<ConsumerParts<Tx, T>, 'kind' | 'limits' | 'timers' | 'clock'>,
    private readonly attempts: Attempts<Tx, T>,
  ) {
    this.limits = parts.kind.slice ?? parts.limits;
  }

  /** Rejects with what the share fails of by itself. */
  commit(share: Share<T>): Promise<Attempted> {
    if (this.apart.has(share.stand.place.partition)) return this.alone(share);
    return new Promise((answer) => {
      this.waiting.push({ share, answer, ...sizeOf(share.items) });
      this.call();
    });
  }

  /** What comes in the same turn of the event loop comes along. */
  private call(): void {
    if (this.busy || this.waiting.length === 0) return;
    this.busy = true;
    this.parts.timers.soon(() => this.begin(this.take()));
  }

  /** Its successor begins when it is over, or when it has taken too long. */
  private begin(group: readonly Waiting<T>[]): void {
    let over = false;
    const next = (): void => {
      if (over) return;
      over = true;
      callOff();
      this.busy = false;
      this.call();
    };
    const callOff = this.parts.timers.after(PATIENCE_MS, next);
    void this.run(group).finally(next);
  }

  /** First come, first served; together they are no more than one transaction takes. */
  private take(): Waiting<T>[] {
    let [records, bytes, count] = [0, 0, 0];
    for (const one of this.waiting) {
      records += one.records;
      bytes += one.bytes;
      if (count > 0 && (records > this.limits.records || bytes > this.limits.bytes)) break;
      count += 1;
    }
    return this.waiting.splice(0, count);
  }

  /** Never rejects: who waits hears of it. */
  private async run(group: readonly Waiting<T>[]): Promise<void> {
    const [first] = group;
    if (first && group.length === 1) {
      const attempted = this.alone(first.share);
      first.answer(attempted);
      await attempted.catch(() => undefined);
      return;
    }
    try {
      const shares = group.map(({ share }) => share);
      const attempted = await this.attempts.many(shares, PATIENCE_MS);
      group.forEach(({ share, answer }, n) => answer(attempted[n] ?? this.alone(share)));
    } catch {
      for (const { share, answer } of group) {
        this.apart.add(share.stand.place.partition);
        answer(this.alone(share));
      }
    }
  }

  private async alone(share: Share<T>): Promise<Attempted> {
    const { clock } = this.parts;
    const { partition } = share.stand.place;
    const began = clock.now().getTime();
    const attempted = await this.attempts.one(share);
    if (clock.now().getTime() - began > PATIENCE_MS) this.apart.add(partition);
    else this.apart.delete(partition);
    return attempted;
  }
}

/** The two ways of doing something: by itself, or together with what other partitions have to do. */
export interface Transactions<Tx, T> {
  readonly attempts: Attempts<Tx, T>;
  readonly together: GroupCommit<Tx, T>;
}

import type { Outcome } from '@linli/contracts';
import type { Timers } from '@linli/kernel';
import { failpoint, failpointOnceSent } from '../failpoint.js';
import type { Progress } from '../store/bus-store.js';
import { announce } from './announce.js';
import { Chunk } from './chunk.js';
import type { Ready } from './kind.js';
import type { ConsumerParts } from './parts.js';
import { admitShare, progressAfter, type Admitted, type Attempted, type Share } from './share.js';
import { Told } from './told.js';

/** How the admitted items are dealt with: handled, or (the only one) set aside. */
export type Deal<Tx, T> = (chunk: Chunk<Tx>, ready: readonly Ready<T>[]) => Promise<void>;

/** Somebody else moved the progress row under a held lock: cannot happen, and must not go unseen if it does. */
export class Outrun extends Error {
  override readonly name = 'Outrun';
}

class TooSlow extends Error {
  override readonly name = 'TooSlow';
}

const inTime = async <R>(timers: Timers, ms: number, work: Promise<R>): Promise<R> => {
  let callOff = (): void => undefined;
  const late = new Promise<never>((_, reject) => {
    callOff = timers.after(ms, () => reject(new TooSlow(`not done within ${ms} ms`)));
  });
  return Promise.race([work, late]).finally(callOff);
};

/** One transaction over items of one or more partitions: fences first, then the work, then progress by compare-and-set as the last word. */
export class Attempts<Tx, T> {
  constructor(private readonly parts: ConsumerParts<Tx, T>) {}

  readonly handle: Deal<Tx, T> = async (chunk, ready) => {
    if (ready.length > 0) await this.parts.kind.apply(chunk, ready);
  };

  /** Waits for the partition when somebody else is at it. */
  async one(share: Share<T>, deal: Deal<Tx, T> = this.handle): Promise<Attempted> {
    const { place } = share.stand;
    const lock = async (tx: Tx) =>
      new Map([[place.partition, await this.parts.store.progress.lock(tx, place)]]);
    const [attempted] = await this.watched([share], (chunk) => this.inside(chunk, [share], lock, deal));
    if (!attempted) throw new Error(`partition ${place.partition} was locked and then not there`);
    return attempted;
  }

  /** Waits for nobody: null for a partition that somebody else is at. Fails as a whole, also when it takes too long. */
  many(shares: readonly Share<T>[], withinMs: number): Promise<readonly (Attempted | null)[]> {
    const { store, group, topic, timers } = this.parts;
    const partitions = shares.map(({ stand }) => stand.place.partition);
    const lock = (tx: Tx) => store.progress.lockFree(tx, group, topic.name, partitions);
    return this.watched(shares, (chunk) =>
      inTime(timers, withinMs, this.inside(chunk, shares, lock, this.handle)),
    );
  }

  private watched<R>(shares: readonly Share<T>[], inside: (chunk: Chunk<Tx>) => Promise<R>): Promise<R> {
    const { watch, group, topic } = this.parts;
    const run = () => this.transaction(inside);
    if (!watch) return run();
    const items = shares.flatMap((share) => share.items);
    const work = {
      ...{ group, topic: topic.name, items: items.length },
      partitions: shares.map(({ stand }) => stand.place.partition),
      records: () => [...new Set(items.map(({ record }) => record))],
    };
    return watch.chunk(work, run);
  }

  private async transaction<R>(inside: (chunk: Chunk<Tx>) => Promise<R>): Promise<R> {
    const { parts } = this;
    parts.tally.transactions += 1;
    const told = new Told(parts.ids, parts.tells, parts.clock.now(), parts.watch);
    let outcomes: readonly Outcome[] = [];
    failpoint('before-fence');
    const result = await parts.store.transaction('consumer', async (tx) => {
      const chunk = new Chunk(tx, parts.store, parts.group, told);
      const inner = await inside(chunk);
      outcomes = chunk.outcomes;
      return inner;
    });
    failpoint('after-commit');
    announce(parts, told, outcomes);
    return result;
  }

  private async inside(
    chunk: Chunk<Tx>,
    shares: readonly Share<T>[],
    lock: (tx: Tx) => Promise<ReadonlyMap<number, Progress>>,
    deal: Deal<Tx, T>,
  ): Promise<(Attempted | null)[]> {
    const locked = await lock(chunk.tx);
    failpoint('after-fence');
    const admitted = shares.map((share) => {
      const progress = locked.get(share.stand.place.partition);
      return progress ? this.admit(share, progress) : null;
    });
    await this.work(
      chunk,
      admitted.flatMap((one) => (one?.admission?.items.length ? [one] : [])),
      deal,
    );
    return admitted.map(
      (one) =>
        one && {
          done: one.skipped + (one.admission?.items.length ?? 0),
          stop: one.stop,
          progress: progressAfter(one),
        },
    );
  }

  private admit(share: Share<T>, progress: Progress): Admitted<T> {
    const { kind, tally } = this.parts;
    const admitted = admitShare(share, progress, kind.numberOf?.bind(kind));
    if (admitted.skipped > 0) tally.conflicts += 1;
    tally.duplicates += admitted.admission?.duplicates ?? 0;
    return admitted;
  }

  private async work(chunk: Chunk<Tx>, admitted: readonly Admitted<T>[], deal: Deal<Tx, T>): Promise<void> {
    if (admitted.length === 0) return;
    await deal(
      chunk,
      admitted.flatMap(({ admission }) => admission?.ready ?? []),
    );
    for (const item of admitted.flatMap(({ admission }) => admission?.bad ?? [])) {
      chunk.reject(item, 'bad' in item.body ? item.body.bad : 'unreadable');
    }
    const steps = admitted.map((one) => ({
      ...{ place: one.share.stand.place, from: one.progress },
      to: progressAfter(one),
    }));
    const advance = () => this.parts.store.progress.advance(chunk.tx, steps);
    if (!(await chunk.writeBefore(advance))) throw new Outrun();
    failpoint('before-commit');
    failpointOnceSent('commit-sent');
  }
}

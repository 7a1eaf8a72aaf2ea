import type { Outcome } from '@linli/contracts';
import { failpoint, failpointOnceSent } from '../failpoint.js';
import type { Place, Progress } from '../store/bus-store.js';
import { admit, type Admission, type Stop } from './admission.js';
import { Chunk } from './chunk.js';
import { fingerprintOf } from './fingerprint.js';
import { isDone, type Item } from './item.js';
import type { ConsumerParts } from './parts.js';
import { Told } from './told.js';
import { announce } from './announce.js';

/** What one transaction did: the first `done` items are behind us, `stop` says why not all are. */
export interface Attempted {
  readonly done: number;
  readonly stop: Stop | null;
  readonly progress: Progress;
}

/** How the admitted items are dealt with: handled, or (the only one) set aside. */
export type Deal<Tx, T> = (chunk: Chunk<Tx>, admission: Admission<T>) => Promise<void>;

export interface Stand {
  readonly place: Place;
  readonly owner: string;
  /** Written with the progress: 0 in normal times (see suspicion.ts). */
  readonly crashCount: number;
  /** An offset from which records are known to be missing rightly (e.g. control records of the log). */
  readonly tolerated: number | null;
}

const lastFingerprint = (items: readonly Item<unknown>[], progress: Progress): string | null => {
  const whole = items.findLast(({ record, next }) => next.offset === record.offset + 1);
  return whole ? fingerprintOf(whole.record) : progress.fingerprint;
};

const progressAfter = <T>(from: Progress, admission: Admission<T>, stand: Stand): Progress => {
  const next = admission.items.at(-1)?.next ?? from;
  return {
    offset: next.offset,
    index: next.index,
    lastSeq: admission.lastSeq,
    epoch: admission.epoch,
    fingerprint: lastFingerprint(admission.items, from),
    owner: stand.owner,
    crashFrom: stand.crashCount > 0 ? next.offset : null,
    crashCount: stand.crashCount,
  };
};

/** Somebody else moved the progress row under a held lock: cannot happen, and must not go unseen if it does. */
export class Outrun extends Error {
  override readonly name = 'Outrun';
}

/** One transaction over a run of items: fence first, then the work, then progress by compare-and-set as the last word. */
export class Attempts<Tx, T> {
  constructor(private readonly parts: ConsumerParts<Tx, T>) {}

  readonly handle: Deal<Tx, T> = async (chunk, { ready }) => {
    if (ready.length > 0) await this.parts.kind.apply(chunk, ready);
  };

  run(stand: Stand, items: readonly Item<T>[], deal: Deal<Tx, T> = this.handle): Promise<Attempted> {
    const { watch } = this.parts;
    const run = () => this.attempt(stand, items, deal);
    if (!watch) return run();
    const records = () => [...new Set(items.map(({ record }) => record))];
    return watch.chunk({ place: stand.place, items: items.length, records }, run);
  }

  private async attempt(stand: Stand, items: readonly Item<T>[], deal: Deal<Tx, T>): Promise<Attempted> {
    const { parts } = this;
    parts.tally.transactions += 1;
    const told = new Told(parts.ids, parts.tells, parts.clock.now(), parts.watch);
    let outcomes: readonly Outcome[] = [];
    failpoint('before-fence');
    const attempted = await parts.store.transaction('consumer', async (tx) => {
      const chunk = new Chunk(tx, parts.store, stand.place.group, told);
      const result = await this.inside(chunk, stand, items, deal);
      outcomes = chunk.outcomes;
      return result;
    });
    failpoint('after-commit');
    announce(parts, told, outcomes);
    return attempted;
  }

  private async inside(
    chunk: Chunk<Tx>,
    stand: Stand,
    items: readonly Item<T>[],
    deal: Deal<Tx, T>,
  ): Promise<Attempted> {
    const { store, kind, tally } = this.parts;
    const progress = await store.progress.lock(chunk.tx, stand.place);
    failpoint('after-fence');
    const todo = items.filter((item) => !isDone(item, progress));
    const skipped = items.length - todo.length;
    if (skipped > 0) tally.conflicts += 1;
    const missing = this.missing(todo[0], progress, stand);
    if (missing) return { done: skipped, stop: missing, progress };
    const admission = admit(todo, progress, kind.numberOf?.bind(kind));
    tally.duplicates += admission.duplicates;
    if (admission.items.length === 0) return { done: skipped, stop: admission.stop, progress };
    await deal(chunk, admission);
    for (const item of admission.bad) chunk.reject(item, 'bad' in item.body ? item.body.bad : 'unreadable');
    await chunk.write();
    const after = progressAfter(progress, admission, stand);
    if (!(await store.progress.advance(chunk.tx, stand.place, progress, after))) throw new Outrun();
    failpoint('before-commit');
    failpointOnceSent('commit-sent');
    return { done: skipped + admission.items.length, stop: admission.stop, progress: after };
  }

  /** Facts find their holes by number; the others by offset. */
  private missing(first: Item<T> | undefined, progress: Progress, stand: Stand): Stop | null {
    if (!first || this.parts.kind.numberOf || progress.offset === stand.tolerated) return null;
    const { offset } = first.record;
    const whole = offset === progress.offset && first.index === progress.index;
    return whole ? null : { missing: progress.offset };
  }
}

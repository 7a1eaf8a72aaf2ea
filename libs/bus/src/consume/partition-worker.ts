import { failpoint } from '../failpoint.js';
import type { LogRecord, Next } from '../log/log.js';
import type { Place, Progress } from '../store/bus-store.js';
import type { Stop } from './admission.js';
import { Outrun, type Deal } from './attempt.js';
import type { Transactions } from './group-commit.js';
import { explainHole, fetchHole } from './healing.js';
import { correlationOf, isDone, runsOf, slices, unread, type Item } from './item.js';
import { isAlone } from './kind.js';
import type { ConsumerParts } from './parts.js';
import type { Attempted, Stand } from './share.js';
import {
  CAREFUL,
  CAREFUL_RECORDS,
  GUILTY,
  isSuspected,
  stepBack,
  takeOver,
  UNREADABLE,
} from './suspicion.js';

/** Thrown to rest the partition: the outside is away. */
class Away extends Error {}

/** One partition during one assignment. Never throws towards the log; decides what to do about every failure. */
export class PartitionWorker<Tx, T> {
  halted: string | null = null;
  pausedSince: Date | null = null;
  lastProgressAt: Date | null = null;
  /** When the oldest record not done yet was appended; of the next one it is only known that it came later. */
  behindSince: Date | null = null;
  private known: Progress | null = null;
  private carefulUntil = 0;
  private tolerated: number | null = null;
  private failures = 0;

  constructor(
    private readonly parts: ConsumerParts<Tx, T>,
    private readonly place: Place,
    private readonly how: Transactions<Tx, T>,
  ) {}

  async onRecords(records: readonly LogRecord[], goOn: () => boolean): Promise<Next> {
    const first = records[0];
    if (!first) return { halt: 'the log delivered an empty batch' };
    if (this.halted !== null) return { halt: this.halted };
    this.behindSince = first.appendedAt;
    try {
      const next = await this.work(records, goOn);
      this.failures = 0;
      this.pausedSince = null;
      return next;
    } catch (error) {
      return this.rest(error, this.known?.offset ?? first.offset);
    }
  }

  private async work(records: readonly LogRecord[], goOn: () => boolean): Promise<Next> {
    const { store, owner, suspects } = this.parts;
    const suspected = this.known === null && (await isSuspected(store, this.place, owner));
    if (!suspected) return this.workThrough(records, goOn);
    return suspects(async () => {
      const next = await this.workThrough(records, goOn);
      await stepBack(store, this.place, owner);
      this.known = null;
      return next;
    });
  }

  private async workThrough(records: readonly LogRecord[], goOn: () => boolean): Promise<Next> {
    const { clock, limits, kind } = this.parts;
    const until = clock.now().getTime() + limits.batchMs;
    await this.take();
    failpoint('after-fetch');
    for (const slice of slices(records, kind.slice ?? limits)) {
      const late = clock.now().getTime() > until;
      if (late || !goOn()) return { from: slice[0]?.offset ?? 0 };
      const next = await this.workSlice(slice);
      if (next) return next;
    }
    return { from: (records.at(-1)?.offset ?? 0) + 1 };
  }

  private async workSlice(slice: readonly LogRecord[]): Promise<Next | null> {
    for (const items of this.cut(slice)) {
      const next = await this.run(items);
      if (next) return next;
    }
    this.lastProgressAt = this.parts.clock.now();
    this.behindSince = slice.at(-1)?.appendedAt ?? null;
    return null;
  }

  /** One run in normal times; one by one while something here is suspected of killing us. */
  private *cut(slice: readonly LogRecord[]): Generator<readonly Item<T>[]> {
    const { kind } = this.parts;
    if (this.crashes < CAREFUL) {
      const items = slice.flatMap((record) => kind.decode(record));
      yield* runsOf(items, (item) => isAlone(kind, item));
      return;
    }
    for (const record of slice) {
      const items = this.crashes >= UNREADABLE ? [unread(record, this.crashes)] : kind.decode(record);
      for (const item of items) yield [item];
    }
  }

  private async run(items: readonly Item<T>[]): Promise<Next | null> {
    let rest = items.filter((item) => !this.known || !isDone(item, this.known));
    if (rest[0]?.record !== items[0]?.record) this.parts.tally.conflicts += 1;
    while (rest.length > 0) {
      const { done, stop } = await this.attempt(rest);
      const ahead = rest[done];
      rest = rest.slice(done);
      const next = stop && (await this.resolve(stop, ahead));
      if (next) return next;
    }
    return null;
  }

  /** Tries all at once; a run that fails for good is cut in halves until the one at fault is alone. */
  private async attempt(items: readonly Item<T>[]): Promise<Attempted> {
    if (this.crashes >= GUILTY && items[0] && 'value' in items[0].body) {
      return this.setAside(items[0], new Error(`its handling ended the process ${this.crashes} times`));
    }
    try {
      const alone = this.crashes >= CAREFUL || isAlone(this.parts.kind, items[0]);
      return alone ? await this.commit(items) : await this.share(items);
    } catch (error) {
      if (this.passes(error)) throw error;
      if (items.length > 1) this.parts.tally.bisections += 1;
      return this.isolate(items, error);
    }
  }

  private async isolate(items: readonly Item<T>[], error: unknown): Promise<Attempted> {
    let good = 0; // everything before it is committed
    let bad = items.length; // the first fault lies before it
    let cause = error;
    let alone = items.length === 1;
    while (!alone) {
      const middle = bad - good === 1 ? bad : Math.ceil((good + bad) / 2);
      try {
        const attempted = await this.commit(items.slice(good, middle));
        good += attempted.done;
        if (attempted.stop || middle === bad) return { ...attempted, done: good };
      } catch (narrower) {
        if (this.passes(narrower)) throw narrower;
        alone = middle - good === 1;
        [bad, cause] = [middle, narrower];
      }
    }
    const culprit = items[good];
    if (!culprit) throw new Error('nothing left to set aside', { cause });
    const aside = await this.setAside(culprit, cause);
    return { ...aside, done: good + aside.done };
  }

  private async setAside(item: Item<T>, error: unknown): Promise<Attempted> {
    const { kind, logger, tally } = this.parts;
    const aside: Deal<Tx, T> = async (chunk, ready) => {
      for (const one of ready) await kind.setAside(chunk, one, error);
      tally.setAside += ready.length;
    };
    const { offset } = item.record;
    logger.error(
      { err: error, ...this.place, offset, item: item.index, correlationId: correlationOf(item) },
      'set aside',
    );
    this.parts.onFault(`${this.place.topic}/${this.place.partition}@${offset}: ${String(error)}`);
    return this.commit([item], aside);
  }

  private async commit(items: readonly Item<T>[], deal?: Deal<Tx, T>): Promise<Attempted> {
    return this.note(await this.how.attempts.one({ stand: this.stand(items), items }, deal));
  }

  private async share(items: readonly Item<T>[]): Promise<Attempted> {
    return this.note(await this.how.together.commit({ stand: this.stand(items), items }));
  }

  private note(attempted: Attempted): Attempted {
    this.known = attempted.progress;
    return attempted;
  }

  private stand(items: readonly Item<T>[]): Stand {
    const { owner } = this.parts;
    const careful = this.crashes >= CAREFUL && (items.at(-1)?.record.offset ?? 0) < this.carefulUntil;
    return { place: this.place, owner, crashCount: careful ? CAREFUL : 0, tolerated: this.tolerated };
  }

  private get crashes(): number {
    return this.known?.crashCount ?? 0;
  }

  private async resolve(stop: Stop, ahead: Item<T> | undefined): Promise<Next | null> {
    if ('halt' in stop) return this.halt(stop.halt);
    if ('missing' in stop) return this.explain(stop.missing);
    if (!ahead) return null;
    const { heal } = this.parts;
    if (!heal)
      return this.halt(`facts ${stop.gap.from} to ${stop.gap.to} are missing and nothing can heal them`);
    const healed = await fetchHole<T>(heal, this.place, stop.gap, ahead).catch((error: unknown) => {
      throw new Away(`healing: ${String(error)}`, { cause: error });
    });
    this.parts.tally.healed += healed.length;
    this.parts.logger.warn({ ...this.place, ...stop.gap, healed: healed.length }, 'healed a gap');
    return this.run(healed);
  }

  private async explain(missing: number): Promise<Next | null> {
    const next = await explainHole(this.parts, this.place, missing);
    if (!next) this.tolerated = missing;
    return next && 'halt' in next ? this.halt(next.halt) : next;
  }

  halt(reason: string): Next {
    this.halted = reason;
    this.parts.logger.error({ ...this.place, reason }, 'halted');
    this.parts.onFault(`${this.place.topic}/${this.place.partition} halted: ${reason}`);
    return { halt: reason };
  }

  private passes(error: unknown): boolean {
    if (error instanceof Outrun) this.parts.tally.conflicts += 1;
    return error instanceof Outrun || error instanceof Away || this.parts.classify(error) === 'transient';
  }

  /** The whole partition waits: nothing overtakes, nothing is given up. */
  private async rest(fault: unknown, from: number): Promise<Next> {
    const { clock, limits, logger, tally } = this.parts;
    const afterMs = Math.min(limits.longestRestMs, limits.firstRestMs * 2 ** Math.min(this.failures, 20));
    this.failures += 1;
    this.pausedSince ??= clock.now();
    tally.retries += 1;
    logger.warn({ err: fault, ...this.place, from, afterMs }, 'the partition rests');
    this.parts.onFault(`${this.place.topic}/${this.place.partition} rests: ${String(fault)}`);
    this.known = null;
    await this.take().catch(() => undefined); // we did not die: say so if the database lets us
    return { from, afterMs };
  }

  private async take(): Promise<void> {
    if (this.known) return;
    this.known = await takeOver(this.parts.store, this.place, this.parts.owner);
    this.carefulUntil = (this.known.crashFrom ?? this.known.offset) + CAREFUL_RECORDS;
  }
}

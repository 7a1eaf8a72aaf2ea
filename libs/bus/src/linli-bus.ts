import type { Outcome, TopicSpec } from '@linli/contracts';
import type { FailureClass } from '@linli/store';
import type { MessageHandler } from '@nestjs/microservices';
import type { Bus, BusState } from './bus.js';
import type { Cursor, JournalEntry } from './journal/journal-entry.js';
import { openConsumers, type Consumers } from './consume/consumers.js';
import type { ConsumerLimits } from './consume/parts.js';
import { newTally } from './consume/tally.js';
import { systemPrincipal, Told } from './consume/told.js';
import type { NewCommand } from './handling.js';
import { Anchors } from './journal/anchors.js';
import { verifyChain } from './journal/chain.js';
import { Loop, type LoopOptions } from './journal/loop.js';
import { toJournalEntry } from './journal/entry.js';
import { openStreams, Pump } from './journal/pump.js';
import { endOf } from './journal/tail.js';
import { Tails } from './journal/tails.js';
import { handlersOf, wiringFaults } from './nest/handlers.js';
import { BusStrategy } from './nest/strategy.js';
import { busOperate } from './operate/bus-operate.js';
import type { Operate } from './operate/operate.js';
import { sweeper } from './operate/sweeper.js';
import type { BusParts } from './bus-parts.js';
import { OutcomeWaiters } from './outcome-waiters.js';

/** Who tells wakes the pump; this is for what a process left that died in between. */
const PUMP_POLL_MS = 1_000;
const PUMP_RETRY_MS = 400;
/** What another process stamped is heard by polling. */
const TAIL_POLL_MS = 200;
const OUTCOME_POLL_MS = 100;
const LONGEST_REST_MS = 10_000;
const ANCHOR_EVERY_MS = 3_600_000;

type Parts<Tx> = BusParts<Tx> & {
  readonly limits: ConsumerLimits;
  readonly classify: (error: unknown) => FailureClass;
};

/** The messaging of one service over its store and the log. */
export class LinliBus<Tx> implements Bus<Tx> {
  readonly strategy: BusStrategy;
  private readonly tally = newTally();
  private readonly pump: Pump<Tx>;
  private readonly tails: Tails<Tx>;
  private readonly waiters: OutcomeWaiters<Tx>;
  readonly operate: Operate;
  private readonly sweeper: Loop;
  private readonly anchoring: { readonly anchors: Anchors<Tx>; readonly loop: Loop } | null;
  private consumers: Consumers<Tx> | null = null;
  private lastFault: string | null = null;
  private drained: Promise<void> | null = null;

  constructor(private readonly parts: Parts<Tx>) {
    const { store, log, signer, service, tells, timers } = parts;
    const loop = (everyMs: number, what: string) => ({
      everyMs,
      longestRestMs: LONGEST_REST_MS,
      ...(timers && { timers }),
      onError: (error: unknown) => this.fault(what, error),
    });
    this.tails = new Tails(store, loop(TAIL_POLL_MS, 'reading the tail of the journal'));
    this.waiters = new OutcomeWaiters(store, loop(OUTCOME_POLL_MS, 'looking for outcomes'));
    this.pump = new Pump({
      ...{ service, store, log, signer, topics: tells },
      ...{ everyMs: PUMP_POLL_MS, retryMs: PUMP_RETRY_MS, longestRestMs: LONGEST_REST_MS },
      ...(timers && { timers }),
      onStamped: (topic, rows) => this.tails.stamped(topic, rows),
      onError: (what, error) => this.fault(what, error),
    });
    this.operate = busOperate({ parts: () => this.started().operate, state: () => this.state() });
    this.sweeper = sweeper(parts, (error) => this.fault('removing what is old', error));
    this.anchoring = this.openAnchoring(loop(ANCHOR_EVERY_MS, 'anchoring the journal'));
    this.strategy = new BusStrategy({
      start: (found) => this.consume(found),
      drain: () => this.drain(),
    });
  }

  async open(): Promise<void> {
    await openStreams({ store: this.parts.store, topics: this.parts.tells });
    this.pump.start();
    this.sweeper.start();
    this.anchoring?.loop.start();
  }

  outcome(commandId: string): Promise<Outcome | null> {
    return this.waiters.find(commandId);
  }

  async send(tx: Tx, commands: readonly NewCommand[]): Promise<() => void> {
    const { store, ids, clock, tells, watch } = this.parts;
    const told = new Told(ids, new Map(tells.map((topic) => [topic.name, topic])), clock.now(), watch);
    for (const command of commands) {
      const cause = { causationId: null, commandId: null, hops: 0, correlationId: ids.next() };
      told.handling(tx, { ...cause, principal: systemPrincipal(command.tenant) }, told.now).send(command);
    }
    await store.journal.append(tx, told.entries);
    const topics = new Set(told.entries.map(({ topic }) => topic));
    return () => this.pump.kick(topics);
  }

  waitForOutcome(commandId: string, waitMs: number, signal?: AbortSignal): Promise<Outcome | null> {
    return this.waiters.wait(commandId, waitMs, signal);
  }

  nextOutcome(commandId: string, waitMs: number, signal?: AbortSignal): Promise<Outcome | null> {
    return this.waiters.next(commandId, waitMs, signal);
  }

  async timeline(tenant: string, aggregateId: string): Promise<readonly JournalEntry[]> {
    const { store } = this.parts;
    return (await store.journal.timeline(store.reader('http'), tenant, aggregateId)).map(toJournalEntry);
  }

  tail(
    topic: TopicSpec,
    after: Cursor,
    onEntries: (entries: readonly JournalEntry[], cursor: Cursor) => void,
  ): () => void {
    return this.tails.listen(topic, after, onEntries);
  }

  end(topic: TopicSpec): Promise<Cursor> {
    return endOf(this.parts.store, topic);
  }

  async journalSlice(topic: string, partition: number, from: number, to: number): Promise<JournalEntry[]> {
    const { store } = this.parts;
    const slice = { topic, partition, from, limit: Math.max(0, to - from + 1) };
    return (await store.journal.slice(store.reader('http'), slice)).map(toJournalEntry);
  }

  verifyChain(topic: string, partition: number): ReturnType<Bus['verifyChain']> {
    return verifyChain(this.parts.store, topic, partition, this.parts.anchoring);
  }

  async releaseKey(aggregateId: string): ReturnType<Bus['releaseKey']> {
    const { store } = this.parts;
    const parked = await store.parking.keys(store.reader('http'), aggregateId);
    return Promise.all(parked.map(({ group }) => this.started().release(group, aggregateId)));
  }

  async state(): Promise<BusState> {
    const { store } = this.parts;
    const counts = await store.counts(store.reader('http'));
    const consumers = this.consumers?.state() ?? [];
    const joining = this.consumers?.joining() ?? this.parts.consumes.map(({ topic }) => topic.name);
    return { ...counts, consumers, joining, lastFault: this.lastFault, tally: { ...this.tally } };
  }

  drain(): Promise<void> {
    this.drained ??= (async () => {
      await Promise.all([this.consumers?.drain(), this.sweeper.stop()]);
      await this.pump.drain();
      await this.anchorLast();
    })();
    return this.drained;
  }

  async close(): Promise<void> {
    await this.drain();
    await Promise.all([this.tails.close(), this.waiters.close()]);
  }

  private openAnchoring(options: LoopOptions): { anchors: Anchors<Tx>; loop: Loop } | null {
    const { store, clock, tells: topics, anchoring } = this.parts;
    if (!anchoring || topics.length === 0) return null;
    const anchors = new Anchors({ ...anchoring, store, clock, topics });
    return { anchors, loop: new Loop(async () => (await anchors.drop(), false), options) };
  }

  private async anchorLast(): Promise<void> {
    if (!this.anchoring) return;
    await this.anchoring.loop.stop();
    await this.anchoring.anchors.drop().catch((error: unknown) => this.fault('a last anchor', error));
  }

  private async consume(found: ReadonlyMap<string, MessageHandler>): Promise<void> {
    const { consumes, limits } = this.parts;
    const handlers = handlersOf<Tx>(found);
    const faults = wiringFaults(consumes, handlers);
    if (faults.length > 0)
      throw new Error(`the bus of ${this.parts.service} is not wired: ${faults.join('; ')}`);
    this.consumers = await openConsumers({
      ...this.parts,
      ...{ limits, handlers, tally: this.tally, heal: this.parts.heal ?? null },
      onCommitted: ({ outcomes, told }) => {
        this.waiters.committed(outcomes);
        this.parts.watch?.committed(outcomes);
        this.pump.kick(told);
      },
      onFault: (fault) => (this.lastFault = fault),
    });
  }

  private started(): Consumers<Tx> {
    if (!this.consumers) throw new Error('the bus does not consume yet');
    return this.consumers;
  }

  private fault(what: string, error: unknown): void {
    this.lastFault = `${what}: ${String(error)}`;
    this.parts.logger.warn({ err: error }, `${what} failed, will be tried again`);
  }
}

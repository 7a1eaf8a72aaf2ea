import { createHmac } from 'node:crypto';
import type { Command, Outcome, TopicSpec } from '@linli/contracts';
import { systemTimers, type Clock, type Ids } from '@linli/kernel';
import { classify } from '@linli/store';
import { pino } from 'pino';
import type { Handling, NewFact } from '../handling.js';
import type { Assignment, LogRecord, Next } from '../log/log.js';
import type { BusStore, DeadLetter } from '../store/bus-store.js';
import { memoryBusStore } from '../store/memory/memory-bus-store.js';
import { MemoryTables, type MemoryTransaction } from '../store/memory/memory-tables.js';
import { commandRecord } from '../wire/command-record.js';
import { macSigner } from '../wire/signer.js';
import { Commands } from './commands.js';
import type { Handlers, Kind } from './kind.js';
import { consumerLimits, type ConsumerParts } from './parts.js';
import { oneAtATime } from './one-at-a-time.js';
import { newTally } from './tally.js';
import { TopicConsumer } from './topic-consumer.js';

export const COMMANDS: TopicSpec = { name: 'test.commands.v1', partitions: 1, holds: 'commands' };
export const FACTS: TopicSpec = { name: 'test.facts.v1', partitions: 1, holds: 'facts' };
export const INTAKE: TopicSpec = { name: 'test.intake.v1', partitions: 1, holds: 'intake' };

export const signer = macSigner((text) => createHmac('sha256', 'a key for specs').update(text).digest());

/** 1 → 00000000-0000-4000-8000-000000000001 */
export const uuid = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

/** As pg says that the connection is gone. */
export const connectionLost = (): Error =>
  Object.assign(new Error('terminating connection'), { code: '57P01' });

/** As pg says that a value is not what the column takes. */
export const poison = (): Error => Object.assign(new Error('invalid input syntax'), { code: '22P02' });

export const noon = new Date('2026-11-23T12:00:00Z');

export const aCommand = (n: number, changes: Partial<Command> = {}): Command => ({
  commandId: uuid(n),
  type: 'test.do',
  version: 1,
  tenant: 'yuhang',
  aggregateId: uuid(900),
  principal: { tenant: 'yuhang', keyId: 'key-1', name: 'desk', scopes: [], areas: null },
  expectedVersion: null,
  requestHash: `hash of ${n}`,
  notAfter: '2026-11-24T12:00:00Z',
  acceptedAt: '2026-11-23T12:00:00Z',
  correlationId: `correlation ${n}`,
  causationId: null,
  hops: 0,
  data: { n },
  ...changes,
});

export const aFact = (changes: Partial<NewFact> = {}): NewFact => ({
  topic: FACTS.name,
  type: 'linli.test.done.v1',
  tenant: 'yuhang',
  aggregateId: uuid(900),
  aggregateVersion: 1,
  data: {},
  ...changes,
});

interface Effect {
  readonly nth: number;
  readonly what: unknown;
}

/** What a consumer needs, in memory, with one partition of a log that the spec writes and cuts itself. */
export class Workbench {
  readonly tables = new MemoryTables();
  readonly tally = newTally();
  readonly faults: string[] = [];
  readonly committed: Outcome[] = [];
  store: BusStore<MemoryTransaction> = memoryBusStore(this.tables);
  records: LogRecord[] = [];
  low = 0;
  now = noon;
  heal: ConsumerParts<MemoryTransaction, unknown>['heal'] = null;
  private owners = 0;
  private ids = 0;

  readonly suspects = oneAtATime();
  readonly clock: Clock = { now: () => this.now };
  readonly idsPort: Ids = { next: () => uuid(100_000 + (this.ids += 1)) };

  /** Adds a record to the log. */
  append(record: Pick<LogRecord, 'key' | 'value' | 'headers'>): LogRecord {
    const offset = this.low + this.records.length;
    const added = { topic: 'test', partition: 0, offset, appendedAt: this.now, ...record };
    this.records.push(added);
    return added;
  }

  appendCommand(command: Command): LogRecord {
    return this.append(commandRecord(command, COMMANDS, signer));
  }

  /** The same effect list that the handlers under test write to, in their transaction. */
  effect(handling: Handling<MemoryTransaction>, what: unknown): void {
    const nth = handling.tx.number('effect');
    handling.tx.put('effect', String(nth), { nth, what } satisfies Effect);
  }

  get effects(): unknown[] {
    const rows = this.tables.reader().rows<Effect>('effect');
    return rows.toSorted((a, b) => a.nth - b.nth).map(({ what }) => what);
  }

  outcomes(...ns: number[]): Promise<(Outcome['status'] | undefined)[]> {
    return Promise.all(
      ns.map(async (n) => (await this.store.outcomes.find(this.store.reader('http'), [uuid(n)]))[0]?.status),
    );
  }

  letters(): Promise<readonly DeadLetter[]> {
    return this.store.deadLetters.list(this.store.reader('http'), 1000);
  }

  parts<T>(topic: TopicSpec, kind: Kind<MemoryTransaction, T>): ConsumerParts<MemoryTransaction, T> {
    return {
      group: 'test',
      topic,
      kind,
      store: this.store,
      log: {
        watermarks: async () => [this.marks()],
        readAt: async (_topic, _partition, offset) => this.records[offset - this.low] ?? null,
      },
      clock: this.clock,
      ids: this.idsPort,
      timers: systemTimers,
      suspects: this.suspects,
      owner: `owner ${(this.owners += 1)}`,
      tells: new Map([FACTS, COMMANDS].map((told) => [told.name, told])),
      heal: this.heal,
      classify,
      limits: consumerLimits,
      logger: pino({ level: 'silent' }),
      tally: this.tally,
      onCommitted: ({ outcomes }) => void this.committed.push(...outcomes),
      onFault: (fault) => void this.faults.push(fault),
    };
  }

  marks(): Assignment {
    return { partition: 0, low: this.low, high: this.low + this.records.length };
  }

  consumer<T>(topic: TopicSpec, kind: Kind<MemoryTransaction, T>): Member<T> {
    return new Member(this, new TopicConsumer(this.parts(topic, kind)));
  }

  commands(handle: Handlers<MemoryTransaction>['commands'] extends ReadonlyMap<string, infer H> ? H : never) {
    return new Commands<MemoryTransaction>({
      handlers: new Map([['test.do', handle]]),
      signer,
      tally: this.tally,
    });
  }
}

/** One consumer as the log sees it. */
export class Member<T> {
  next: number | undefined;

  constructor(
    private readonly bench: Workbench,
    readonly consumer: TopicConsumer<MemoryTransaction, T>,
  ) {}

  async assign(): Promise<number | undefined> {
    this.next = (await this.consumer.onAssigned([this.bench.marks()])).get(0);
    return this.next;
  }

  /** Hands over the next records, `count` of them at most. */
  async deliver(count = Infinity, from = this.next ?? 0): Promise<Next> {
    const at = from - this.bench.low;
    const answer = await this.consumer.onRecords(this.bench.records.slice(at, at + count), () => true);
    if ('from' in answer) this.next = answer.from;
    return answer;
  }

  /** Assigns and delivers until the end of the log, a rest or a halt. */
  async run(count = Infinity): Promise<Next | null> {
    await this.assign();
    let answer: Next | null = null;
    while ((this.next ?? Infinity) < this.bench.marks().high) {
      answer = await this.deliver(count);
      if ('halt' in answer || 'afterMs' in answer) return answer;
    }
    return answer;
  }
}

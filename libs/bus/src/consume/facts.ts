import type { FactEnvelope } from '@linli/contracts';
import type { FactHandler } from '../handling.js';
import type { LogRecord } from '../log/log.js';
import { readFact, type NumberedFact } from '../wire/fact-record.js';
import type { Chunk } from './chunk.js';
import { itemsOf, type Item } from './item.js';
import type { Handlers, Kind, Ready } from './kind.js';
import { TRACEPARENT, type BusWatch } from '../watch.js';
import { systemPrincipal } from './told.js';

type From = Pick<LogRecord, 'topic' | 'appendedAt' | 'headers'>;

const versionSuffix = /\.v\d+$/u;

/** Facts of another service: each once and in order, by their dense number; types nobody here hears are passed over. */
export class Facts<Tx> implements Kind<Tx, NumberedFact> {
  private readonly heard: ReadonlySet<string>;

  constructor(
    private readonly handlers: Handlers<Tx>['facts'],
    private readonly watch?: BusWatch,
  ) {
    this.heard = new Set([...handlers.keys()].map((type) => type.replace(versionSuffix, '')));
  }

  decode(record: LogRecord): Item<NumberedFact>[] {
    const decoded = readFact(record);
    if ('value' in decoded && this.isNewer(decoded.value.fact.type)) {
      return itemsOf<NumberedFact>(record, [
        {
          halt: `no handler for ${decoded.value.fact.type}, though for another version of it: update this service`,
        },
      ]);
    }
    return itemsOf(record, [decoded]);
  }

  numberOf({ seq, epoch }: NumberedFact) {
    return { seq, epoch };
  }

  async apply(chunk: Chunk<Tx>, ready: readonly Ready<NumberedFact>[]): Promise<void> {
    const heard = ready.filter(({ value }) => this.handlers.has(value.fact.type));
    if (heard.length === 0) return;
    const keys = [...new Set(heard.map(({ value }) => value.fact.subject))];
    const parked = await chunk.store.parking.parkedAmong(chunk.tx, chunk.group, keys);
    for (const { item, value } of heard) {
      if (parked.has(value.fact.subject)) chunk.queue(value.fact.subject, item, value);
      else await this.handle(chunk, value, item.record);
    }
  }

  async setAside(chunk: Chunk<Tx>, { item, value }: Ready<NumberedFact>, error: unknown): Promise<void> {
    chunk.park(value.fact.subject, error);
    chunk.queue(value.fact.subject, item, value);
  }

  /** Replays a parked fact: as if it came now, in its place. */
  async replay(chunk: Chunk<Tx>, fact: NumberedFact, as: From): Promise<void> {
    await this.handle(chunk, fact, as);
  }

  private async handle(chunk: Chunk<Tx>, { fact, hops }: NumberedFact, as: From): Promise<void> {
    const handler: FactHandler<Tx> | undefined = this.handlers.get(fact.type);
    if (!handler) throw new Error(`no handler for fact ${fact.type}`);
    const run = () => handler(fact, chunk.told.handling(chunk.tx, causeOf(fact, hops), as.appendedAt));
    const { type, correlationId } = fact;
    const traceparent = as.headers[TRACEPARENT] ?? null;
    await (this.watch?.handler({ type, topic: as.topic, correlationId, traceparent }, run) ?? run());
  }

  private isNewer(type: string): boolean {
    return !this.handlers.has(type) && this.heard.has(type.replace(versionSuffix, ''));
  }
}

const causeOf = (fact: FactEnvelope, hops: number) => ({
  correlationId: fact.correlationId,
  causationId: fact.id,
  commandId: null,
  principal: systemPrincipal(fact.tenant),
  hops: hops + 1,
});

import type { Ids } from '@linli/kernel';
import type { StreamHandler } from '../handling.js';
import type { LogRecord } from '../log/log.js';
import type { Decoded } from '../wire/decoded.js';
import type { Chunk } from './chunk.js';
import { itemsOf, type Item, type SliceLimits } from './item.js';
import type { Kind, Ready } from './kind.js';
import { systemPrincipal } from './told.js';

export interface StreamParts<Tx> {
  readonly handler: StreamHandler<Tx>;
  readonly unpack: (value: Buffer) => readonly unknown[];
  readonly ids: Ids;
}

/** A bulk stream: all items of a chunk in one call; an item at fault is set aside alone. */
export class Stream<Tx> implements Kind<Tx, unknown> {
  /** Items share the price of a transaction, so it takes many; a quarter of a second of work, far below `batchMs`. */
  readonly slice: SliceLimits = { records: 200, bytes: 1024 * 1024 };

  constructor(private readonly parts: StreamParts<Tx>) {}

  decode(record: LogRecord): Item<unknown>[] {
    return itemsOf(record, this.unpack(record.value));
  }

  async apply(chunk: Chunk<Tx>, ready: readonly Ready<unknown>[]): Promise<void> {
    const last = ready.at(-1);
    if (!last) return;
    const { topic, partition, offset, appendedAt } = last.item.record;
    const cause = {
      correlationId: this.parts.ids.next(),
      causationId: `${topic}/${partition}/${offset}`,
      commandId: null,
      principal: systemPrincipal(''),
      hops: 0,
    };
    await this.parts.handler(
      ready.map(({ item, value }) => ({ item: value, appendedAt: item.record.appendedAt })),
      chunk.told.handling(chunk.tx, cause, appendedAt),
    );
  }

  async setAside(chunk: Chunk<Tx>, { item, value }: Ready<unknown>, error: unknown): Promise<void> {
    chunk.reject(item, error, Buffer.from(JSON.stringify(value) ?? 'null'));
  }

  private unpack(value: Buffer | null): Decoded<unknown>[] {
    if (!value) return [{ bad: 'no value' }];
    try {
      return this.parts.unpack(value).map((one) => ({ value: one }));
    } catch (error) {
      return [{ bad: `cannot be unpacked: ${String(error)}` }];
    }
  }
}

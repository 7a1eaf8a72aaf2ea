import {
  CommandHandler,
  FactHandler,
  StreamHandler,
  type Answer,
  type Handling,
  type StreamItem,
} from '@linli/bus';
import type { Command, FactEnvelope, TopicSpec } from '@linli/contracts';
import { Controller, type Type } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';

/** What a command asks for. `facts`: how many to tell. `ill`: how its handling goes wrong until `mended` holds its `n`. */
export interface Told {
  readonly n: number;
  readonly facts?: number;
  readonly ill?: 'throws' | 'kills' | 'loops' | 'waits';
}

export const TELL = 'proof.tell';
export const TOLD = 'linli.proof.told.v1';

const isMended = async ({ tx }: Handling, n: number): Promise<boolean> =>
  (await tx.query('select n from mended where n = $1', [n])).length > 0;

const fallIll = async ({ ill, n }: Told, handling: Handling, key: string): Promise<void> => {
  if (ill === undefined || (await isMended(handling, n))) return;
  if (ill === 'throws') throw new Error(`command ${n} is poison`);
  if (ill === 'kills') process.abort();
  if (ill === 'waits') await handling.tx.query('select key from blocked where key = $1 for update', [key]);
  if (ill === 'loops') for (;;);
};

const nextVersions = async ({ tx }: Handling, key: string, count: number): Promise<number> => {
  const [row] = await tx.query<{ last: number }>(
    `insert into version (key, last) values ($1, $2)
     on conflict (key) do update set last = version.last + $2 returning last`,
    [key, count],
  );
  return (row?.last ?? 0) - count + 1;
};

/** Does commands: a witness of each, and the facts that it asks for. */
export const teller = (tells: TopicSpec | null): Type => {
  @Controller()
  class Teller {
    @CommandHandler(TELL)
    async tell(@Payload() command: Command, @Ctx() handling: Handling): Promise<Answer> {
      const { aggregateId, commandId, tenant } = command;
      const wanted = command.data as Told;
      await fallIll(wanted, handling, aggregateId);
      await handling.tx.execute('insert into told (command_id, key, n) values ($1, $2, $3)', [
        ...[commandId, aggregateId, wanted.n],
      ]);
      const facts = tells ? (wanted.facts ?? 0) : 0;
      const first = await nextVersions(handling, aggregateId, facts);
      for (let version = first; version < first + facts; version += 1)
        handling.tell({
          ...{ topic: tells?.name ?? '', type: TOLD, tenant, aggregateId, aggregateVersion: version },
          data: { n: wanted.n },
        });
      return { resource: { n: wanted.n }, version: first + facts };
    }
  }
  return Teller;
};

/** Hears facts: a witness of each. */
@Controller()
export class Hearer {
  @FactHandler(TOLD)
  async hear(@Payload() fact: FactEnvelope, @Ctx() { tx }: Handling): Promise<void> {
    await tx.execute('insert into heard (event_id, key, version) values ($1, $2, $3)', [
      ...[fact.id, fact.subject, fact.aggregateVersion],
    ]);
  }
}

/** Stores packed items in bulk. The table refuses item 666. */
export const storer = (intake: TopicSpec): Type => {
  @Controller()
  class Storer {
    @StreamHandler(intake)
    async store(@Payload() items: StreamItem<number>[], @Ctx() { tx }: Handling): Promise<void> {
      await tx.execute('insert into stored (item) select unnest($1::int[])', [items.map(({ item }) => item)]);
    }
  }
  return Storer;
};

import type { TopicSpec } from '@linli/contracts';
import type { Clock, Ids } from '@linli/kernel';
import { classify, type Database, type FailureClass } from '@linli/store';
import type { Logger } from 'pino';
import type { Bus, Consumes } from './bus.js';
import { consumerLimits, type ConsumerLimits, type Heal } from './consume/parts.js';
import type { Log } from './log/log.js';
import { LinliBus } from './linli-bus.js';
import { postgresBusStore } from './store/postgres/postgres-bus-store.js';
import type { BusStore } from './store/bus-store.js';
import type { Signer } from './wire/signer.js';

export interface BusSettings {
  readonly service: string;
  readonly log: Log;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly signer: Signer;
  readonly consumes: readonly Consumes[];
  /** Topics of the facts and commands that leave through this service's journal. */
  readonly tells: readonly TopicSpec[];
  /** Where missing facts are fetched: the producer's `journalSlice`, over HTTP. */
  readonly heal?: Heal;
  readonly logger: Logger;
  readonly limits?: Partial<ConsumerLimits>;
}

export interface BusOptions extends BusSettings {
  /** With `busMigrations` applied. */
  readonly database: Database;
}

/** What a bus is made of; `Tx` is another than SQL in simulation. */
export interface BusParts<Tx> extends BusSettings {
  readonly store: BusStore<Tx>;
  readonly classify?: (error: unknown) => FailureClass;
}

/**
 * Opens the messaging of one service: missing topics and streams are made, the journal begins to move. It consumes once
 * Nest has found the handlers (`app.connectMicroservice({ strategy: bus.strategy })`, then `startAllMicroservices`).
 */
export const openBus = ({ database, ...settings }: BusOptions): Promise<Bus> =>
  openBusOn({ ...settings, store: postgresBusStore(database), classify });

/** The same over any store. */
export const openBusOn = async <Tx>(parts: BusParts<Tx>): Promise<Bus> => {
  const topics = [...parts.tells, ...parts.consumes.map(({ topic }) => topic)];
  await parts.log.provision([...new Map(topics.map((topic) => [topic.name, topic])).values()]);
  const bus = new LinliBus({ classify, ...parts, limits: { ...consumerLimits, ...parts.limits } });
  await bus.open();
  return bus;
};

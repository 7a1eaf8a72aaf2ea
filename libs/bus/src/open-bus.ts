import { operationsTopic } from '@linli/contracts';
import { classify, type Database, type Transaction } from '@linli/store';
import type { Bus } from './bus.js';
import type { BusParts, BusSettings } from './bus-parts.js';
import { consumerLimits } from './consume/parts.js';
import { LinliBus } from './linli-bus.js';
import { postgresBusStore } from './store/postgres/postgres-bus-store.js';

export interface BusOptions extends BusSettings {
  /** With `busMigrations` applied. */
  readonly database: Database;
  /** See `BusParts`. */
  readonly commands?: NonNullable<BusParts<Transaction>['commands']>;
}

/**
 * Opens the messaging of one service: missing topics and streams are made, the journal begins to move. It consumes once
 * Nest has found the handlers (`app.connectMicroservice({ strategy: bus.strategy })`, then `startAllMicroservices`).
 */
export const openBus = ({ database, ...settings }: BusOptions): Promise<Bus> =>
  openBusOn({ ...settings, store: postgresBusStore(database), classify });

/** The same over any store. */
export const openBusOn = async <Tx>(given: BusParts<Tx>): Promise<Bus<Tx>> => {
  const parts = { ...given, tells: [...given.tells, operationsTopic(given.service)] };
  const topics = [...parts.tells, ...parts.consumes.map(({ topic }) => topic)];
  await parts.log.provision([...new Map(topics.map((topic) => [topic.name, topic])).values()]);
  const bus = new LinliBus({ classify, ...parts, limits: { ...consumerLimits, ...parts.limits } });
  await bus.open();
  return bus;
};

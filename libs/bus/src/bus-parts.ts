import type { TopicSpec } from '@linli/contracts';
import type { Clock, Ids, Timers } from '@linli/kernel';
import type { FailureClass } from '@linli/store';
import type { Logger } from 'pino';
import type { Consumes } from './bus.js';
import type { Handlers } from './consume/kind.js';
import type { ConsumerLimits, Heal } from './consume/parts.js';
import type { Anchoring } from './journal/anchors.js';
import type { Log } from './log/log.js';
import type { BusStore } from './store/bus-store.js';
import type { BusWatch } from './watch.js';
import type { Signer } from './wire/signer.js';

export interface BusSettings {
  readonly service: string;
  readonly log: Log;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly timers?: Timers;
  readonly signer: Signer;
  readonly consumes: readonly Consumes[];
  /** Topics of the facts and commands that leave through this service's journal. */
  readonly tells: readonly TopicSpec[];
  /** Where missing facts are fetched: the producer's `journalSlice`, over HTTP. */
  readonly heal?: Heal;
  readonly logger: Logger;
  /** Where the ends of the journal are noted outside of the database, hourly and at the end; absent: nowhere. */
  readonly anchoring?: Anchoring;
  readonly limits?: Partial<ConsumerLimits>;
  readonly watch?: BusWatch;
}

/** What a bus is made of; `Tx` is another than SQL in simulation. */
export interface BusParts<Tx> extends BusSettings {
  readonly store: BusStore<Tx>;
  /** Commands handled besides those that Nest finds: what kits bring to every service. */
  readonly commands?: Handlers<Tx>['commands'];
  readonly classify?: (error: unknown) => FailureClass;
}

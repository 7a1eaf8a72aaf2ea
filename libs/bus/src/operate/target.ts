import type { TopicSpec } from '@linli/contracts';
import type { Clock, Ids } from '@linli/kernel';
import type { FailureClass } from '@linli/store';
import type { Logger } from 'pino';
import type { Consumes } from '../bus.js';
import type { Kind } from '../consume/kind.js';
import type { Replay } from '../consume/release.js';
import type { Log } from '../log/log.js';
import type { BusStore } from '../store/bus-store.js';
import type { ConsumerParts } from '../consume/parts.js';

/** A topic that this service consumes: where something can be stuck. */
export interface Target<Tx> {
  readonly group: string;
  readonly topic: TopicSpec;
  readonly how: Consumes['kind'];
  readonly kind: Kind<Tx, unknown>;
  /** Runs a parked message; null where nothing is parked. */
  readonly replay: Replay<Tx> | null;
}

export interface OperateParts<Tx> {
  readonly service: string;
  readonly store: BusStore<Tx>;
  readonly log: Pick<Log, 'watermarks' | 'readAt'>;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly tells: ReadonlyMap<string, TopicSpec>;
  readonly classify: (error: unknown) => FailureClass;
  readonly logger: Logger;
  readonly onCommitted: ConsumerParts<Tx, unknown>['onCommitted'];
  readonly watch?: ConsumerParts<Tx, unknown>['watch'];
  readonly targets: readonly Target<Tx>[];
}

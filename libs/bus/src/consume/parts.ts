import type { Outcome, TopicSpec } from '@linli/contracts';
import type { Clock, Ids, Timers } from '@linli/kernel';
import type { FailureClass } from '@linli/store';
import type { Logger } from 'pino';
import type { JournalEntry } from '../journal/journal-entry.js';
import type { Log } from '../log/log.js';
import type { BusStore } from '../store/bus-store.js';
import type { SliceLimits } from './item.js';
import type { BusWatch } from '../watch.js';
import type { Kind } from './kind.js';
import type { OneAtATime } from './one-at-a-time.js';
import type { Tally } from './tally.js';

/** Facts `from..to` (both inclusive) of a stream, from the producer's journal. */
export type Heal = (
  topic: string,
  partition: number,
  from: number,
  to: number,
) => Promise<readonly JournalEntry[]>;

export interface ConsumerLimits extends SliceLimits {
  /** A batch that takes longer gives the rest back, so that it does not hold up its neighbours. */
  readonly batchMs: number;
  readonly firstRestMs: number;
  readonly longestRestMs: number;
}

export const consumerLimits: ConsumerLimits = {
  records: 200,
  bytes: 256 * 1024,
  batchMs: 1000,
  firstRestMs: 100,
  longestRestMs: 10_000,
};

/** What a consumer works with; the ports among it are exchanged in specs and simulation. */
export interface ConsumerParts<Tx, T> {
  readonly group: string;
  readonly topic: TopicSpec;
  readonly kind: Kind<Tx, T>;
  readonly store: BusStore<Tx>;
  readonly log: Pick<Log, 'watermarks' | 'readAt'>;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly timers: Timers;
  /** Of this process, all topics: partitions at which processes died take turns. */
  readonly suspects: OneAtATime;
  /** This process, in this run. */
  readonly owner: string;
  readonly tells: ReadonlyMap<string, TopicSpec>;
  readonly heal: Heal | null;
  readonly classify: (error: unknown) => FailureClass;
  readonly limits: ConsumerLimits;
  readonly logger: Logger;
  readonly tally: Tally;
  readonly watch?: BusWatch;
  /** `told`: the topics on which something was told. */
  readonly onCommitted: (committed: {
    readonly outcomes: readonly Outcome[];
    readonly told: ReadonlySet<string>;
  }) => void;
  readonly onFault: (fault: string) => void;
}

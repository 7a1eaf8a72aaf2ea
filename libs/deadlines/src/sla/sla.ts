import type { Refusal } from '@linli/kernel';
import type { DeadlineMove } from '../calendars/deadlines-on.js';
import type { LedgerParts } from '../ledger/deadlines.js';
import { movedByPolicy, type PolicyChange } from '../ledger/policy.js';
import type { ClockCount, SlaFilter, SlaItemFilter, SlaPlace } from '../store/sla-reads.js';
import { Forecasts, type ForecastSeen, type ForecastWanted } from './forecast-queues.js';
import { itemsSeen, type ItemsSeen } from './items.js';
import { queuesSeen, type QueuesSeen } from './queues.js';

/** What operators ask of the deadlines of one service. Read only: `tx` may be a reader's. */
export interface Sla<Tx> {
  queues(tx: Tx, filter: SlaFilter): Promise<QueuesSeen>;
  items(
    tx: Tx,
    filter: SlaItemFilter & { readonly after: SlaPlace | null; readonly limit: number },
  ): Promise<ItemsSeen>;
  forecast(tx: Tx, filter: SlaFilter, wanted: ForecastWanted): Promise<ForecastSeen>;
  /** Every deadline that another policy would move; changes nothing. */
  movedByPolicy(
    tx: Tx,
    who: Pick<SlaFilter, 'tenant' | 'areas'>,
    change: PolicyChange,
  ): Promise<readonly DeadlineMove[] | Refusal>;
  /** The database's clock, milliseconds. */
  now(tx: Tx): Promise<number>;
  /** Of all tenants, for metrics. */
  clocks(tx: Tx): Promise<readonly ClockCount[]>;
}

export const slaOf = <Tx>(parts: Pick<LedgerParts<Tx>, 'store' | 'calendars' | 'rules'>): Sla<Tx> => {
  const { store, calendars } = parts;
  const forecasts = new Forecasts(store.sla, calendars);
  return {
    queues: (tx, filter) => queuesSeen(store.sla, tx, filter),
    items: (tx, filter) => itemsSeen(store.sla, calendars, tx, filter),
    forecast: (...given) => forecasts.seen(...given),
    movedByPolicy: (...given) => movedByPolicy(parts, ...given),
    now: (tx) => store.sla.at(tx),
    clocks: async (tx) => store.sla.clocks(tx, await store.sla.at(tx)),
  };
};

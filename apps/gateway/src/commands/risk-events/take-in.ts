import type { NewRecord } from '@linli/bus';
import type { IntakeEvent, IntakeItem, IntakeReceipt } from '@linli/contracts';
import { judge, type Bench } from './judge.js';
import type { Offer } from './offered.js';
import { packed, type Parcel } from './packing.js';

/** What becomes of a request: nothing of the events themselves stays but the records, so that none waits for the log. */
export interface Taken {
  readonly receipt: IntakeReceipt;
  readonly records: readonly NewRecord[];
}

/** Judges what a request offers and packs what is good. */
export const takeIn = (
  { items: offered, plain }: Offer,
  bench: Omit<Bench, 'plain'>,
  parcel: Parcel,
): Taken => {
  const counts = { accepted: 0, rejected: 0, quarantined: 0 };
  const items: IntakeItem[] = [];
  const events: IntakeEvent[] = [];
  const whole = { ...bench, plain };
  for (const [index, one] of offered.entries()) {
    const { item, event } = judge(one, index, whole);
    counts[item.status] += 1;
    items.push(item);
    if (event) {
      events.push(event);
    }
  }
  return { receipt: { ...counts, items }, records: packed(events, parcel) };
};

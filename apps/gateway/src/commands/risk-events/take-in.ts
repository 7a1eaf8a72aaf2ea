import type { IntakeEvent, IntakeItem, IntakeReceipt, Principal } from '@linli/contracts';
import type { Secrets } from '@linli/service/input';
import type { IncomingHttpHeaders } from 'node:http';
import type { KnownPlaces } from '../../clients/intake-views.js';
import { judge } from './judge.js';
import { offeredIn } from './offered.js';
import { packed, type Pack } from './packing.js';
import type { Shape } from './shape.js';

/** One request as it came in, with what is known when it is judged. */
export interface IntakeRequest {
  readonly body: unknown;
  readonly headers: IncomingHttpHeaders;
  readonly caller: Principal;
  readonly known: KnownPlaces;
  /** Milliseconds since 1970, UTC. */
  readonly now: number;
  readonly correlationId: string;
}

/** What becomes of a request. Nothing of the events stays but bytes, so that none of them waits for the log. */
export type Taken =
  { readonly answer: string; readonly packs: readonly Pack[] } | { readonly noneTaken: IntakeReceipt };

/** The purposes of the keys that taking in needs. */
export const INTAKE_PURPOSES = ['risk.party', 'risk.event-text'];

/** Tenants whose places are kept by a thread. */
export const MOST_TENANTS = 1000;

/** Reads a request, judges what it offers, packs what is good. Throws `Refused` when it cannot be read. */
export const takeIn = (request: IntakeRequest, secrets: Secrets, fits: Shape | null = null): Taken => {
  const { items: offered, plain, bare } = offeredIn(request.body, request.headers);
  const { caller, known, now, correlationId } = request;
  const bench = { caller, known, now, secrets, plain, fits };
  const counts = { accepted: 0, rejected: 0, quarantined: 0 };
  const items: IntakeItem[] = [];
  const events: IntakeEvent[] = [];
  for (const [index, one] of offered.entries()) {
    const { item, event } = judge(one, index, bench);
    counts[item.status] += 1;
    items.push(item);
    if (event) {
      events.push(event);
    }
  }
  const receipt = { ...counts, items };
  return items.length > 0 && counts.rejected === items.length
    ? { noneTaken: receipt }
    : {
        answer: JSON.stringify(receipt),
        packs: packed(events, { tenant: caller.tenant, receivedAt: now, correlationId }, bare),
      };
};

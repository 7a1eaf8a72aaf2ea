import type { Handling } from '@linli/bus';
import type { Transaction } from '@linli/store';
import { groupBy } from '../domain/group-by.js';
import { events, textOfKey, type EventKey } from '../store/events.js';
import type { Arrival } from './arrival.js';
import { openSettling } from './settle.js';
import { quarantine } from '../store/quarantine.js';
import { storeAndScore } from './store-and-score.js';

export interface TakenIn {
  readonly stored: readonly EventKey[];
  readonly quarantined: readonly EventKey[];
  readonly duplicates: number;
}

export const keyOf = ({ tenant, event }: Arrival): EventKey => ({
  tenant,
  source: event.source,
  id: event.id,
});

/** The first copy of each event that is not known yet; all others are copies. */
const unseen = async (tx: Transaction, arrivals: readonly Arrival[]): Promise<Arrival[]> => {
  const first = new Map<string, Arrival>();
  for (const arrival of arrivals) {
    const key = textOfKey(keyOf(arrival));
    if (!first.has(key)) first.set(key, arrival);
  }
  const keys = [...first.values()].map(keyOf);
  const known = [...(await events.known(tx, keys)), ...(await quarantine.known(tx, keys))];
  for (const key of known) first.delete(textOfKey(key));
  return [...first.values()];
};

/** Copies of what is stored or kept: all arrivals but the one of each new key. */
const copiesAmong = (arrivals: readonly Arrival[], taken: readonly EventKey[]): Arrival[] => {
  const fresh = new Set(taken.map(textOfKey));
  return [...groupBy(arrivals, (arrival) => textOfKey(keyOf(arrival)))].flatMap(([key, copies]) =>
    fresh.has(key) ? copies.slice(1) : copies,
  );
};

/**
 * Takes events in, once each whatever comes how often and in which order: stores and scores those that are known, keeps
 * the others in quarantine, counts copies.
 */
export const takeIn = async (arrivals: readonly Arrival[], handling: Handling): Promise<TakenIn> => {
  const { tx, now } = handling;
  const fresh = await unseen(tx, arrivals);
  const settle = await openSettling(
    tx,
    fresh.map(({ tenant, event }) => ({ tenant, category: event.category, area: event.area })),
  );
  const settled = fresh.map((arrival) => ({
    arrival,
    as: settle({ tenant: arrival.tenant, category: arrival.event.category, area: arrival.event.area }),
  }));
  const quarantined = await quarantine.add(
    tx,
    settled.flatMap(({ arrival, as }) =>
      'reason' in as ? [{ ...arrival, reason: as.reason, storedAt: now.getTime() }] : [],
    ),
  );
  const stored = await storeAndScore(
    settled.flatMap(({ arrival, as }) => ('reason' in as ? [] : [{ arrival, ...as }])),
    handling,
  );
  const copies = copiesAmong(arrivals, [...stored, ...quarantined]);
  await events.noteDuplicates(
    tx,
    copies.map((copy) => ({ ...keyOf(copy), area: copy.event.area, receivedAt: copy.receivedAt })),
  );
  return { stored, quarantined, duplicates: copies.length };
};

import type { Handling } from '@linli/bus';
import { allOf } from '@linli/kernel';
import type { Transaction } from '@linli/store';
import { lookUpByKey } from '../store/by-key.js';
import { events, textOfKey, type EventKey } from '../store/events.js';
import type { Arrival, Incoming } from './arrival.js';
import { openSettling, type Sent, type Settled } from './settle.js';
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

/** Among the copies of one event the first whose category and area are known, else the first. */
interface Choice {
  readonly arrival: Arrival;
  readonly as: Settled;
}

/** What is not stored yet: one copy of each event. One that is in quarantine may have come again and be known now. */
const chosen = async (tx: Transaction, arrivals: readonly Arrival[]): Promise<Choice[]> => {
  const keys = arrivals.map(keyOf);
  const copies = new Map<string, Arrival[]>();
  arrivals.forEach((arrival, n) => {
    const key = textOfKey(keys[n] as EventKey);
    const same = copies.get(key);
    if (same) same.push(arrival);
    else copies.set(key, [arrival]);
  });
  const sentWith = ({ tenant, event: { category, area } }: Arrival): Sent => ({ tenant, category, area });
  const [, known, settle] = await allOf([
    lookUpByKey(tx),
    events.known(tx, keys),
    openSettling(tx, arrivals.map(sentWith)),
  ]);
  for (const key of known) copies.delete(textOfKey(key));
  return [...copies.values()].flatMap((same) => {
    const settled = same.map((arrival) => ({ arrival, as: settle(sentWith(arrival)) }));
    return settled.find(({ as }) => !('reason' in as)) ?? settled.slice(0, 1);
  });
};

/** The arrivals that are neither stored nor kept now: further copies. */
const copiesAmong = (
  arrivals: readonly Arrival[],
  choices: readonly Choice[],
  taken: readonly EventKey[],
): Arrival[] => {
  if (taken.length === arrivals.length) return [];
  const keys = new Set(taken.map(textOfKey));
  const kept = new Set(
    choices.map(({ arrival }) => arrival).filter((arrival) => keys.has(textOfKey(keyOf(arrival)))),
  );
  return arrivals.filter((arrival) => !kept.has(arrival));
};

/**
 * Takes events in, once each whatever comes how often and in which order: stores and scores those that are known, keeps
 * the others in quarantine until a copy of them is known, counts copies.
 */
export const takeIn = async (arrivals: readonly Arrival[], handling: Handling): Promise<TakenIn> => {
  const { tx, now } = handling;
  const choices = await chosen(tx, arrivals);
  const incoming = choices.flatMap(({ arrival, as }): Incoming[] =>
    'reason' in as ? [] : [{ arrival, category: as.category, area: as.area }],
  );
  // Statements that do not hang on each other's answers go together: under load a turn to the database is what costs.
  const [replaced, quarantined] = await allOf([
    quarantine.remove(
      tx,
      incoming.map(({ arrival }) => keyOf(arrival)),
    ),
    quarantine.add(
      tx,
      choices.flatMap(({ arrival, as }) =>
        'reason' in as ? [{ ...arrival, reason: as.reason, storedAt: now.getTime() }] : [],
      ),
    ),
    storeAndScore(incoming, handling),
  ]);
  const stored = incoming.map(({ arrival }) => keyOf(arrival));
  const copies = copiesAmong(arrivals, choices, [...stored, ...quarantined]).map((arrival) => ({
    ...keyOf(arrival),
    area: arrival.event.area,
    receivedAt: arrival.receivedAt,
  }));
  await events.noteDuplicates(tx, [...copies, ...replaced]);
  return { stored, quarantined, duplicates: copies.length + replaced.length };
};

import type { Handling } from '@linli/bus';
import type { Transaction } from '@linli/store';
import { assessAndSave } from './assess-places.js';
import { dependentsOf } from './around.js';
import type { Warning } from '../domain/warning.js';
import { openRuleBook } from './rules.js';
import { cleared, type Place } from '../store/place.row.js';
import { places } from '../store/places.js';
import { warnings } from '../store/warnings.js';

/**
 * A warning ended: its place starts again from nothing, in the next generation, and the grids that count it as a
 * neighbour are assessed again. What the place showed stays with the warning. Signals that come later make a new warning.
 */
export const clearPlace = async (warning: Warning, handling: Handling): Promise<void> => {
  const { tx, now } = handling;
  const [known] = await places.find(tx, [warning.placeId]);
  if (!known) throw new Error(`warning ${warning.id} has no place`);
  const locked = await places.lock(tx, [known.id, ...(await dependentsOf(tx, [known]))]);
  const place = locked.find(({ id }) => id === known.id);
  if (!place || place.generation !== warning.generation) return;
  const { assessment, assessedAt, point } = place;
  if (assessment && assessedAt !== null) {
    await warnings.close(tx, place.tenant, warning.id, { assessment, assessedAt, point });
  }
  await places.save(tx, [cleared(place)]);
  const book = await openRuleBook(tx, [place.tenant], now.getTime());
  const dependents = locked.filter(({ id }) => id !== place.id);
  if (dependents.length > 0) await assessAndSave(dependents, book, handling);
};

const isOver = ({ answered }: Place, now: number): boolean => {
  const until = answered?.resting?.until ?? null;
  return until !== null && now > until;
};

/** Locked places, those cleared whose warning was closed so long ago that it is not reopened any more. */
export const clearedWhenOver = async (
  tx: Transaction,
  locked: readonly Place[],
  now: number,
): Promise<readonly Place[]> => {
  const over = locked.filter((place) => isOver(place, now));
  if (over.length === 0) return locked;
  await warnings.keepFinals(
    tx,
    over.map(({ id }) => id),
  );
  return locked.map((place) => (isOver(place, now) ? cleared(place) : place));
};

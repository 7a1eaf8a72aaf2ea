import type { Handling } from '@linli/bus';
import { assessAndSave, dependentsOf } from './assess-places.js';
import type { Warning } from '../domain/warning.js';
import { openRuleBook } from './rules.js';
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
  await places.save(tx, [
    {
      ...place,
      generation: place.generation + 1,
      ...{ toldLevel: 0, tally: null, point: null, score: null, assessment: null, assessedAt: null },
    },
  ]);
  const book = await openRuleBook(tx, [place.tenant], now.getTime());
  const dependents = locked.filter(({ id }) => id !== place.id);
  if (dependents.length > 0) await assessAndSave(dependents, book, handling);
};

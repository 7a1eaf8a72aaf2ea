import type { Hose } from '../load/run-hose.js';
import type { Row } from '../rounds.js';
import type { District } from '../system/district.js';
import type { RoadDatabase } from './road-database.js';
import { roadRound } from './steady.js';

/** Each start is cold: so much longer runs the round before it is measured. */
const WARMER = 2;

/**
 * (b) with many events stored, and beside it with none. Both on a service that was started anew on these tables: nothing
 * that it keeps in memory may be older than what it stands on.
 */
export const millionRows = async (
  district: District,
  database: RoadDatabase,
  hose: Hose,
  events: number,
): Promise<Row[]> => {
  await database.multiply(events);
  await database.shelve();
  let onShelf = true;
  const stand = async (full: boolean): Promise<void> => {
    await district.stopRisk();
    if (full === onShelf) {
      await database.exchange();
      onShelf = !onShelf;
    }
    if (!full) await database.empty();
    await district.startRisk();
  };
  const row = (id: string, title: string, full: boolean): Row => ({
    id,
    title,
    unit: 'events/s',
    round: async ({ warmUpMs, measureMs }) => {
      await stand(full);
      return roadRound(hose, database, () => district.pids(), { warmUpMs: warmUpMs * WARMER, measureMs });
    },
  });
  const count = events.toLocaleString('en-US');
  return [
    row('b0', 'end to end, none stored, service just started', false),
    row('b1m', `end to end, ${count} stored, service just started`, true),
  ];
};

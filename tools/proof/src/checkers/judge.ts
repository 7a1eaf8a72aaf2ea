import { Broken } from '../broken.js';
import type { Counts } from '../counts.js';
import { readHistory } from '../history/history.js';
import { wishesOf, type Wish } from '../history/wishes.js';
import { commandFaults } from './commands.js';
import { eventFaults } from './events.js';
import { journalFaults } from './journal.js';
import type { LogEnds } from './log-ends.js';
import { readFaults } from './reads.js';
import { statusFaults } from './statuses.js';
import { asideFaults, untilAtRest } from './rest.js';
import type { Rows } from './rows.js';

export interface Evidence {
  /** File of the recorded history. */
  readonly history: string;
  readonly tenants: readonly string[];
  readonly rows: Rows;
  readonly ends: LogEnds;
  /** What was set aside before the run. */
  readonly asideBefore: number;
}

const countsOf = (wishes: readonly Wish[]): Counts => ({
  ok: wishes.filter(({ type }) => type === 'ok').length,
  refused: wishes.filter(({ type }) => type === 'fail').length,
  unknown: wishes.filter(({ type }) => type === 'info').length,
  retried: wishes.filter(({ attempts }) => attempts > 1).length,
  events: wishes.reduce((sum, { taken }) => sum + taken.length, 0),
});

/** Judges a run by its history and the rows that it left; throws all that is wrong. Answers what was judged. */
export const judge = async (evidence: Evidence): Promise<Counts> => {
  const { history, tenants, rows, ends, asideBefore } = evidence;
  await untilAtRest(rows, ends);
  const lines = readHistory(history);
  const wishes = wishesOf(lines);
  const faults = [
    ...(await commandFaults(rows, wishes, tenants)),
    ...(await eventFaults(rows, wishes, tenants)),
    ...(await journalFaults(rows, tenants)),
    ...(await asideFaults(rows, asideBefore)),
    ...readFaults(wishes),
    ...statusFaults(lines),
  ];
  if (faults.length > 0) throw new Broken(faults);
  return countsOf(wishes);
};

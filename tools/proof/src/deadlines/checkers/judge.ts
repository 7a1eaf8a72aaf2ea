import { Broken } from '../../broken.js';
import type { Faults } from '../../checkers/rows.js';
import type { Counts } from '../../counts.js';
import type { Evidence } from '../evidence.js';
import { casesOf, type Case } from './cases.js';
import { boundaryFaults, endedInTime, endingFaults } from './endings.js';
import { lateness, latenessFaults, orderFaults, sweepsOf } from './lateness.js';
import { earlyFaults, rungFaults } from './rungs.js';
import { shareOver } from './oracle.js';

/** All that is wrong with what became of deadlines. */
export const deadlineFaults = (evidence: Evidence): Faults => {
  const cases = casesOf(evidence);
  return [
    ...endingFaults(cases, evidence),
    ...boundaryFaults(cases),
    ...rungFaults(cases),
    ...earlyFaults(cases),
    ...latenessFaults(cases, evidence),
    ...orderFaults(cases, evidence),
  ];
};

const doneLate = (one: Case): boolean => {
  const due = one.end && shareOver(one.terms.get(one.end.version - 1) ?? { from: 0, minutes: 0, stands: [] });
  return endedInTime(one) && due !== null && (one.end?.doneAt ?? 0) > due;
};

const share = (sorted: readonly number[], part: number): number =>
  Math.round(sorted[Math.ceil(sorted.length * part) - 1] ?? 0);

const countsOf = (evidence: Evidence): Counts => {
  const cases = casesOf(evidence);
  const late = lateness(cases, evidence.dark)
    .map(({ ms }) => ms)
    .toSorted((a, b) => a - b);
  const { deadlines, firings, asked, recoveries } = evidence;
  return {
    deadlines: deadlines.length,
    fired: deadlines.filter(({ state }) => state === 'fired').length,
    cancelled: deadlines.filter(({ state }) => state === 'cancelled').length,
    rungs: firings.length,
    changes: asked.filter(({ refused }) => refused === null).length,
    refused: asked.filter(({ refused }) => refused !== null).length,
    rewound: deadlines.filter(({ round }) => round > 0).length,
    annulled: firings.filter(({ annulled }) => annulled).length,
    inTimeButDoneLater: cases.filter(doneLate).length,
    sweepsAfterOutages: recoveries.reduce((sum, one) => sum + sweepsOf(firings, one).length, 0),
    slowest99PercentMs: share(late, 0.99),
    slowestMs: share(late, 1),
  };
};

/** Judges what became of deadlines by the wishes and the rows; throws all that is wrong. Answers what was judged. */
export const judgeDeadlines = (evidence: Evidence): Counts => {
  const faults = deadlineFaults(evidence);
  if (faults.length > 0) throw new Broken(faults);
  return countsOf(evidence);
};

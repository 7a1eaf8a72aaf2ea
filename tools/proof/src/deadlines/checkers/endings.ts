import { faultOf, type Faults } from '../../checkers/rows.js';
import type { Evidence } from '../evidence.js';
import { tellsDue, type Case } from './cases.js';
import { shareOver } from './oracle.js';

const said = ({ wish, row }: Case, more: object = {}): object => ({
  ...{ id: wish.id, state: row?.state ?? 'none', next: row?.next, endedAt: row?.endedAt },
  ...more,
});

/** Fired: its aggregate heard that it is due. Cancelled: it was ended, and its aggregate never heard that. */
const isSettled = (one: Case): boolean => {
  const told = one.heard.some((heard) => tellsDue(one, heard));
  if (one.row?.nextAt !== null) return false;
  if (one.row.state === 'fired') return told;
  return one.row.state === 'cancelled' && one.end !== null && !told;
};

/** Each deadline that was wished ends in exactly one of fired and cancelled, and there is no other. */
export const endingFaults = (cases: readonly Case[], { deadlines }: Pick<Evidence, 'deadlines'>): Faults => {
  const wished = new Set(cases.map(({ wish }) => wish.id));
  return [
    ...faultOf(
      'a deadline that did not end as fired or cancelled, as its aggregate knows it',
      cases.filter((one) => !isSettled(one)).map((one) => said(one)),
    ),
    ...faultOf(
      'a deadline that nobody wished',
      deadlines.filter(({ id }) => !wished.has(id)),
    ),
  ];
};

/** By our own reckoning: whether what ended it was accepted at its due time or before. */
export const endedInTime = ({ end, terms }: Case): boolean => {
  const before = end && terms.get(end.version - 1);
  if (!before) return false;
  const due = shareOver(before);
  return due === null || end.appendedAt <= due;
};

/** C-7: what was accepted before the due time counts as in time, however late it was done; nothing counts after it. */
export const boundaryFaults = (cases: readonly Case[]): Faults => {
  const ended = cases.filter(({ end }) => end !== null);
  const firedBefore = (one: Case): boolean =>
    one.heard.some((heard) => tellsDue(one, heard) && heard.at <= (one.end?.doneAt ?? 0));
  return [
    ...faultOf(
      'an end that was judged wrongly',
      ended
        .filter((one) => one.end?.inTime !== endedInTime(one))
        .map((one) => said(one, { end: one.end, inTime: endedInTime(one) })),
    ),
    ...faultOf(
      'a deadline that fired though it had been ended in time',
      ended
        .filter((one) => endedInTime(one) && !firedBefore(one) && one.row?.state !== 'cancelled')
        .map((one) => said(one)),
    ),
    ...faultOf(
      'a firing that counted after the end',
      ended.flatMap((one) => one.heard.filter(({ counts, at }) => counts && at > (one.end?.doneAt ?? 0))),
    ),
  ];
};

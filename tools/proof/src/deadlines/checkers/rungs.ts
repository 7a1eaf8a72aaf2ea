import { faultOf, type Faults } from '../../checkers/rows.js';
import { repeated } from '../../log-suites/lists.js';
import type { FiringRow } from '../evidence.js';
import type { Case } from './cases.js';
import { shareOver } from './oracle.js';

/** Rows tell microseconds, which do not fit into a number of milliseconds exactly. */
const NOTHING_MS = 0.01;

const keyOf = ({ deadlineId, round, rung }: Pick<FiringRow, 'deadlineId' | 'round' | 'rung'>): string =>
  `${deadlineId} round ${round} rung ${rung}`;

const listed = (fault: string | null): Faults => (fault === null ? [] : [fault]);

/** Rungs that hold are those up to where the deadline stands, each once: none missed, none twice, none ahead. */
const standsWhereItFired = ({ row, firings }: Case): boolean => {
  const holding = firings.filter(({ annulled }) => !annulled).map(({ rung }) => rung);
  const expected = Array.from({ length: row?.next ?? 0 }, (_, rung) => rung);
  return holding.toSorted((a, b) => a - b).join() === expected.join();
};

const wasPassedOver = ({ row }: Case): boolean =>
  row !== null && row.endedAt === null && row.next < row.rungs.length;

/** In a round one rung after the other. */
const outOfOrder = ({ firings }: Case): FiringRow[] =>
  firings.filter((firing, n) => {
    const before = firings.slice(0, n).findLast(({ round }) => round === firing.round);
    return before !== undefined && before.rung >= firing.rung;
  });

/** Each rung once a round and none missed; what was taken is heard once, and counts unless it was taken back. */
export const rungFaults = (cases: readonly Case[]): Faults => {
  const firings = cases.flatMap((one) => one.firings);
  const heard = cases.flatMap((one) => one.heard);
  const [taken, known] = [new Set(firings.map(keyOf)), new Set(heard.map(keyOf))];
  const silenced = cases.flatMap(({ row, firings: own, heard: told }) =>
    own.filter(
      (firing) =>
        !firing.annulled &&
        row?.endedAt === null &&
        told.some((one) => keyOf(one) === keyOf(firing) && !one.counts),
    ),
  );
  return [
    ...listed(repeated('rungs taken', firings.map(keyOf))),
    ...listed(repeated('rungs heard of', heard.map(keyOf))),
    ...faultOf(
      'a rung that its aggregate did not hear of',
      firings.filter((one) => !known.has(keyOf(one))),
    ),
    ...faultOf(
      'a rung heard of that nobody took',
      heard.filter((one) => !taken.has(keyOf(one))),
    ),
    ...faultOf('a rung that did not count though nothing had changed', silenced),
    ...faultOf(
      'a deadline with rungs missed or taken twice',
      cases
        .filter((one) => !standsWhereItFired(one) || wasPassedOver(one))
        .map(({ wish, row, firings: own }) => ({ id: wish.id, next: row?.next, rungs: own.map(keyOf) })),
    ),
    ...faultOf('a rung taken after a later one', cases.flatMap(outOfOrder)),
  ];
};

const shares: Readonly<Record<string, number>> = { early: 0.8, late: 0.95, due: 1 };

/** By our own reckoning; null: after the due time, at no instant that we know. */
const expectedAt = ({ terms }: Case, { name, version }: FiringRow): number | null => {
  const [share, own] = [shares[name], terms.get(version)];
  return share === undefined || !own ? null : shareOver(own, share);
};

const isNear = (a: number | null, b: number | null): boolean =>
  a === null || b === null ? a === b : Math.abs(a - b) <= 1;

/** Due times are what the ledger comes to, and nothing is taken before its time by PostgreSQL's clock. */
export const earlyFaults = (cases: readonly Case[]): Faults => [
  ...faultOf(
    'a due time that is not what its ledger comes to',
    cases.flatMap(({ versions, terms }) =>
      versions
        .filter(({ version, due }) => !isNear(due, shareOver(terms.get(version) ?? emptyTerms)))
        .map((one) => ({ ...one, expected: terms.get(one.version) })),
    ),
  ),
  ...faultOf(
    'a rung taken before its time',
    cases.flatMap((one) =>
      one.firings.filter((firing) => {
        const expected = expectedAt(one, firing) ?? firing.at;
        return firing.claimedAt < firing.at - NOTHING_MS || firing.claimedAt < expected - 1;
      }),
    ),
  ),
];

const emptyTerms = { from: 0, minutes: 0, stands: [] };

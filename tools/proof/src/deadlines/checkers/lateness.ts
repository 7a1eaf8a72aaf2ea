import { partitionOf } from '@linli/contracts';
import { groupBy } from '@linli/kernel';
import { faultOf, type Faults } from '../../checkers/rows.js';
import type { Evidence, FiringRow, HeardRow, Recovery, Span } from '../evidence.js';
import type { Case } from './cases.js';

export const WITHIN_MS = 5_000;

/** Time that passed while a process ran: where none runs nobody can be late. */
const passed = (from: number, to: number, dark: readonly Span[]): number =>
  dark.reduce(
    (left, span) => left - Math.max(0, Math.min(to, span.to) - Math.max(from, span.from)),
    Math.max(0, to - from),
  );

/** From when on a rung could be taken: its time, the change that put it there, the rung before it. */
const since = ({ versions, firings }: Case, firing: FiringRow): number => {
  const version = versions.find((one) => one.version === firing.version);
  const before = firings.findLast(({ claimedAt }) => claimedAt < firing.claimedAt);
  return Math.max(firing.at, version?.recordedAt ?? 0, before?.claimedAt ?? 0);
};

export interface Late {
  readonly firing: FiringRow;
  readonly ms: number;
}

/** How late each rung was taken. */
export const lateness = (cases: readonly Case[], dark: readonly Span[]): Late[] =>
  cases.flatMap((one) =>
    one.firings.map((firing) => ({
      firing,
      ms: passed(since(one, firing), firing.claimedAt, dark),
    })),
  );

/** A rung that nobody had taken long after its time, when its deadline was ended. */
const overlooked = ({ row, versions, firings, end }: Case, dark: readonly Span[]): boolean => {
  const at = row?.rungs[row.next]?.at ?? null;
  const ended = versions.find(({ version }) => version === end?.version);
  if (at === null || !ended) return false;
  const before = versions.find(({ version }) => version === ended.version - 1);
  const from = Math.max(at, before?.recordedAt ?? 0, firings.at(-1)?.claimedAt ?? 0);
  return passed(from, ended.recordedAt, dark) > WITHIN_MS;
};

/** Everything is taken within five seconds, whatever has happened to Redis and to one of the processes. */
export const latenessFaults = (cases: readonly Case[], { dark }: Pick<Evidence, 'dark'>): Faults => [
  ...faultOf(
    'a rung taken more than five seconds late',
    lateness(cases, dark).filter(({ ms }) => ms > WITHIN_MS),
  ),
  ...faultOf(
    'a rung that was overlooked until its deadline ended',
    cases.filter((one) => overlooked(one, dark)).map(({ wish, row }) => ({ id: wish.id, row })),
  ),
];

/** What one process took of what had fallen due while none ran, by the transactions in which it took them. */
export const sweepsOf = (firings: readonly FiringRow[], { ids, from, to }: Recovery): FiringRow[][] => {
  const taken = firings.filter(
    ({ deadlineId, at, claimedAt }) =>
      ids.has(deadlineId) && at <= from && from <= claimedAt && claimedAt <= to,
  );
  return [...groupBy(taken, ({ sweep }) => sweep).values()].toSorted(
    (a, b) =>
      Math.min(...a.map(({ claimedAt }) => claimedAt)) - Math.min(...b.map(({ claimedAt }) => claimedAt)),
  );
};

const youngest = (firings: readonly FiringRow[]): number => Math.max(...firings.map(({ at }) => at));
const oldest = (firings: readonly FiringRow[]): number => Math.min(...firings.map(({ at }) => at));

/** What was taken then is heard by the aggregates of a partition in the order of its times. */
const heardOutOfOrder = (
  cases: readonly Case[],
  heard: Evidence['heard'],
  taken: readonly FiringRow[],
  { topic }: Recovery,
): unknown[] => {
  const aggregates = new Map(cases.map(({ wish }) => [wish.id, wish.aggregateId]));
  const at = new Map(taken.map((firing) => [firing.deadlineId, firing.at]));
  const own = groupBy(
    heard.filter(({ deadlineId }) => at.has(deadlineId)),
    ({ deadlineId }) => partitionOf(aggregates.get(deadlineId) ?? '', topic),
  );
  const timeOf = (one?: HeardRow): number => at.get(one?.deadlineId ?? '') ?? 0;
  return [...own.values()].flatMap((list) => list.filter((one, n) => timeOf(list[n - 1]) > timeOf(one)));
};

/** After an outage: oldest first, sweep by sweep and on the log. */
export const orderFaults = (
  cases: readonly Case[],
  { firings, heard, recoveries }: Pick<Evidence, 'firings' | 'heard' | 'recoveries'>,
): Faults =>
  recoveries.flatMap((recovery) => {
    const sweeps = sweepsOf(firings, recovery);
    return [
      ...faultOf(
        'a sweep that left something older behind',
        sweeps.filter((sweep, n) => sweeps.slice(n + 1).some((later) => oldest(later) < youngest(sweep))),
      ),
      ...faultOf(
        'a firing heard before an older one',
        heardOutOfOrder(cases, heard, sweeps.flat(), recovery),
      ),
    ];
  });

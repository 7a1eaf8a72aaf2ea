import type { MemoryTransaction } from '@linli/bus';
import { covers, slaBands } from '@linli/contracts';
import { groupBy } from '@linli/kernel';
import { isSuspended, type Deadline } from '../../ledger/deadline.js';
import { bandAt } from '../../sla/bands.js';
import { DECIDES_WITHIN_MS, FIRES_WITHIN_MS } from '../deadline-store.js';
import type { BandCounts, QueueName, SlaFilter, SlaItemFilter, SlaPlace, SlaReads } from '../sla-reads.js';

const all = (tx: MemoryTransaction): Deadline[] => tx.rows<Deadline>('deadline');

const isMeant = ({ tenant, areas, clock, unit, area, exercise }: SlaFilter, one: Deadline): boolean =>
  one.tenant === tenant &&
  (areas === null || (one.area !== null && covers({ areas }, one.area))) &&
  (clock === undefined || one.clock === clock) &&
  (unit === undefined || one.unit === unit) &&
  (area === undefined || (one.area ?? '').startsWith(area)) &&
  (exercise === undefined || one.exercise === exercise);

const open = (tx: MemoryTransaction, filter: SlaFilter): Deadline[] =>
  all(tx).filter((one) => one.endedAt === null && isMeant(filter, one));

const fits = ({ state, band, suspended, provisional }: SlaItemFilter, one: Deadline, now: number): boolean =>
  (state === undefined || one.state === state) &&
  (band === undefined || bandAt(one, now) === band) &&
  (suspended === undefined || isSuspended(one, now) === suspended) &&
  (provisional === undefined || one.provisional === provisional);

const inOrder = (a: SlaPlace, b: SlaPlace): number =>
  (a.due ?? Infinity) === (b.due ?? Infinity)
    ? Number(a.id > b.id) - Number(a.id < b.id)
    : (a.due ?? Infinity) - (b.due ?? Infinity);

const byText = (a: string, b: string): number => Number(a > b) - Number(a < b);
const byQueue = (a: QueueName, b: QueueName): number =>
  byText(a.clock, b.clock) || byText(a.unit ?? '\uffff', b.unit ?? '\uffff');

const grouped = <T>(rows: readonly T[], keyOf: (row: T) => unknown): T[][] => [
  ...groupBy(rows, (row) => JSON.stringify(keyOf(row))).values(),
];

const queueOf = (group: readonly Deadline[]): QueueName => ({
  clock: group[0]?.clock ?? '',
  unit: group[0]?.unit ?? null,
});

const bandsOf = (group: readonly Deadline[], now: number): BandCounts =>
  Object.fromEntries(
    slaBands.map((band) => [band, group.filter((one) => bandAt(one, now) === band).length]),
  ) as BandCounts;

const isUnescalated = ({ state, due }: Deadline, now: number): boolean =>
  due !== null &&
  ((state === 'armed' && due < now - FIRES_WITHIN_MS) || (state === 'due' && due < now - DECIDES_WITHIN_MS));

const minimum = (values: readonly number[]): number => Math.min(...values);
const dues = (group: readonly Deadline[]): number[] => group.flatMap(({ due }) => due ?? []);

type Counting = Pick<SlaReads<MemoryTransaction>, 'queues' | 'pauses' | 'dueBy' | 'ended' | 'clocks'>;

const counting: Counting = {
  async queues(tx, filter, now) {
    const groups = grouped(open(tx, filter), ({ clock, unit }) => [clock, unit]);
    return groups
      .map((group) => ({
        ...queueOf(group),
        bands: bandsOf(group, now),
        provisional: group.filter(({ provisional }) => provisional).length,
        unescalated: group.filter((one) => isUnescalated(one, now)).length,
        oldest: minimum(group.map(({ from }) => from)),
        firstDue: dues(group).length > 0 ? minimum(dues(group)) : null,
      }))
      .toSorted(byQueue);
  },
  async pauses(tx, filter, now) {
    const reasonOf = ({ suspensions }: Deadline): string =>
      suspensions.find(({ from, to }) => from <= now && now < (to ?? Infinity))?.reason ?? '';
    const still = open(tx, filter).filter((one) => isSuspended(one, now));
    return grouped(still, (one) => [one.clock, one.unit, reasonOf(one)])
      .map((group) => ({ ...queueOf(group), reason: reasonOf(group[0] as Deadline), count: group.length }))
      .toSorted((a, b) => byQueue(a, b) || b.count - a.count || byText(a.reason, b.reason));
  },
  async dueBy(tx, filter, { now, until, step }) {
    const near = open(tx, filter).filter(({ due }) => due !== null && due <= until);
    return grouped(near, ({ clock, unit, due }) => [
      clock,
      unit,
      Math.max(-1, Math.floor(((due ?? 0) - now) / step)),
    ])
      .map((group) => ({ ...queueOf(group), due: minimum(dues(group)), count: group.length }))
      .toSorted((a, b) => byQueue(a, b) || a.due - b.due);
  },
  async ended(tx, filter, since) {
    const gone = all(tx).filter((one) => isMeant(filter, one) && (one.endedAt ?? -Infinity) >= since);
    return grouped(gone, ({ clock, unit }) => [clock, unit])
      .map((group) => ({
        ...queueOf(group),
        ended: group.length,
        inTime: group.filter(({ due, endedAt }) => (endedAt ?? 0) <= (due ?? Infinity)).length,
        started: minimum(group.map(({ from }) => from)),
      }))
      .toSorted(byQueue);
  },
  async clocks(tx, now) {
    return grouped(
      all(tx).filter(({ endedAt }) => endedAt === null),
      ({ clock }) => clock,
    )
      .map((group) => ({
        clock: queueOf(group).clock,
        bands: bandsOf(
          group.filter(({ exercise }) => !exercise),
          now,
        ),
        unescalated: group.filter((one) => isUnescalated(one, now)).length,
      }))
      .toSorted((a, b) => byText(a.clock, b.clock));
  },
};

/** What operators ask of deadlines in memory. */
export const memorySla = (now: () => number): SlaReads<MemoryTransaction> => ({
  ...counting,
  at: async () => now(),
  async items(tx, { after, limit, ...filter }, at) {
    return open(tx, filter)
      .filter((one) => fits(filter, one, at) && (after === null || inOrder(one, after) > 0))
      .toSorted(inOrder)
      .slice(0, limit);
  },
  async nth(tx, filter, { clock, unit }, n) {
    const queue = open(tx, filter).filter((one) => one.clock === clock && one.unit === unit);
    const found = queue.toSorted(inOrder)[n - 1];
    return found ? { due: found.due, id: found.id } : null;
  },
  async ofClock(tx, { after, limit, ...filter }) {
    return open(tx, filter)
      .filter(({ id }) => id > after)
      .toSorted((a, b) => byText(a.id, b.id))
      .slice(0, limit);
  },
});

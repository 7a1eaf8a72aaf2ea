import type { Ladder, Point, Rung } from './ladder.js';

/** Budgets of one basis and unit can be ordered; between others the calendar decides. */
const scaleOf = (point: Point): string => {
  if (point === 'due') return 'any';
  return 'past' in point ? `${point.past.basis} ${point.past.unit}` : 'percent';
};

const amountOf = (point: Point): number => {
  if (point === 'due') return 0;
  return 'past' in point ? point.past.amount : point.percent;
};

/** 0 before the due time, 1 at it, 2 after it. */
const phaseOf = (point: Point): number => {
  if (point === 'due') return 1;
  return 'percent' in point && point.percent <= 100 ? 0 : 2;
};

/** Below 0: `a` is reached first, whatever the budget; null: nobody can say. */
const compare = (a: Point, b: Point): number | null => {
  if (phaseOf(a) !== phaseOf(b)) return phaseOf(a) - phaseOf(b);
  return scaleOf(a) === scaleOf(b) ? amountOf(a) - amountOf(b) : null;
};

const said = (point: Point): string => {
  if (point === 'due') return 'the due time';
  if ('percent' in point) return `${point.percent} %`;
  return `${point.past.amount} ${point.past.unit} (${point.past.basis}) past the due time`;
};

const rungFaults = ({ name, at, level }: Rung, { top, until }: Ladder): string[] => {
  const end = until && compare(at, until);
  return [
    ...(amountOf(at) <= 0 && at !== 'due' ? [`${name} has no budget: ${said(at)}`] : []),
    ...(level > top ? [`${name} escalates to level ${level}, the top is ${top}`] : []),
    ...(until && (end ?? 0) >= 0
      ? [
          end === null
            ? `${name} and the end cannot be ordered: ${said(at)}, ${said(until)}`
            : `${name} lies behind the end: ${said(at)}, the end is ${said(until)}`,
        ]
      : []),
  ];
};

const orderFaults = ({ rungs }: Ladder): string[] =>
  rungs.slice(1).flatMap((rung, n) => {
    const before = rungs[n];
    const order = before && compare(before.at, rung.at);
    if (!before || (order !== null && order !== undefined && order < 0)) return [];
    const what = order === null ? 'cannot be ordered' : 'are not in the order of time';
    return [`${before.name} and ${rung.name} ${what}: ${said(before.at)}, ${said(rung.at)}`];
  });

const repeated = (names: readonly string[]): string[] => names.filter((name, n) => names.indexOf(name) < n);

const faultsOf = (ladder: Ladder, clocks: readonly string[]): string[] => [
  ...(clocks.includes(ladder.clock)
    ? []
    : [`there is no such clock (known: ${clocks.join(', ') || 'none'})`]),
  ...(ladder.rungs.some(({ at }) => at === 'due') ? [] : ['it never says that the deadline is due']),
  ...repeated(ladder.rungs.map(({ name }) => name)).map((name) => `two rungs are called ${name}`),
  ...ladder.rungs.flatMap((rung) => rungFaults(rung, ladder)),
  ...orderFaults(ladder),
];

/** Why ladders could never do what they say; none when all is well. */
export const ladderFaults = (ladders: readonly Ladder[], clocks: readonly string[]): string[] => [
  ...repeated(clocks).map((clock) => `clock ${clock} is named twice`),
  ...repeated(ladders.map(({ clock }) => clock)).map((clock) => `${clock} has two ladders`),
  ...ladders.flatMap((ladder) =>
    faultsOf(ladder, clocks).map((fault) => `the ladder of ${ladder.clock}: ${fault}`),
  ),
];

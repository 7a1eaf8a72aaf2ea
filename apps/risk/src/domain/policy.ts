import { DAY, HOUR, MINUTE } from '@linli/kernel';
import { type Budget, type ByColour, type ClockName, type ResponsePolicy } from './response.js';

/** The clocks that people keep; visits and expiry are the same for all. */
export const peopleClocks = ['ack', 'verify', 'plan', 'update', 'reassess'] as const satisfies ClockName[];
export type PeopleClock = (typeof peopleClocks)[number];

export type ClockBudgets = Readonly<Record<PeopleClock, ByColour<Budget>>>;
export type SomeBudgets = { readonly [C in PeopleClock]?: Partial<ByColour<Budget>> | undefined };

const levels = [1, 2, 3] as const;
type Level = (typeof levels)[number];

const eachClock = <T>(of: (clock: PeopleClock) => T): Readonly<Record<PeopleClock, T>> => ({
  ...{ ack: of('ack'), verify: of('verify'), plan: of('plan') },
  ...{ update: of('update'), reassess: of('reassess') },
});

/** What of a policy a tenant may set. */
export const budgetsIn = ({ clocks }: ResponsePolicy): ClockBudgets => eachClock((clock) => clocks[clock]);

/** A policy with other budgets; what is not named stays. */
export const revised = (
  policy: ResponsePolicy,
  { version, source, clocks }: Pick<ResponsePolicy, 'version' | 'source'> & { readonly clocks: SomeBudgets },
): ResponsePolicy => ({
  ...policy,
  ...{ version, source },
  clocks: { ...policy.clocks, ...eachClock((clock) => ({ ...policy.clocks[clock], ...clocks[clock] })) },
});

const isSame = (a: Budget, b: Budget): boolean =>
  a.basis === b.basis && a.amount === b.amount && a.unit === b.unit;

/** The budgets that differ, by clock and level; a clock that stays is left out. */
export const changedBudgets = (
  before: ResponsePolicy,
  after: ResponsePolicy,
): ReadonlyMap<PeopleClock, ReadonlyMap<number, Budget>> => {
  const differing = (clock: PeopleClock): (readonly [number, Budget])[] =>
    levels
      .filter((level) => !isSame(before.clocks[clock][level], after.clocks[clock][level]))
      .map((level) => [level, after.clocks[clock][level]]);
  return new Map(
    peopleClocks
      .map((clock) => [clock, new Map(differing(clock))] as const)
      .filter(([, budgets]) => budgets.size > 0),
  );
};

const lengths = { minutes: MINUTE, hours: HOUR, days: DAY } as const;

/** Budgets of one scale can be compared; a working day is so many hours as the calendar of the unit says. */
const scaleOf = ({ basis, unit }: Budget): string =>
  basis === 'working' && unit === 'days' ? 'working days' : basis;

const isShorter = (a: Budget, b: Budget): boolean =>
  scaleOf(a) === scaleOf(b) && a.amount * lengths[a.unit] < b.amount * lengths[b.unit];

/** A colour that gives less time than a higher one. */
export interface PolicyFault {
  readonly clock: PeopleClock;
  readonly level: Level;
  readonly higher: Level;
}

/** Where a policy asks more haste of a lower colour than of a higher one. */
export const faultsIn = ({ clocks }: ResponsePolicy): PolicyFault[] =>
  peopleClocks.flatMap((clock) =>
    levels.flatMap((level) =>
      levels
        .filter((higher) => higher > level && isShorter(clocks[clock][level], clocks[clock][higher]))
        .map((higher) => ({ clock, level, higher })),
    ),
  );

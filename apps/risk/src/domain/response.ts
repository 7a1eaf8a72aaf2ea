import { DAY, shanghaiDayOf, startOfShanghaiDay } from '@linli/kernel';
import { nameOf, type Level } from './colour.js';

/** How much time a deadline gives, as `libs/deadlines` reckons it. */
export interface Budget {
  readonly basis: 'wall' | 'calendar' | 'working';
  readonly amount: number;
  readonly unit: 'minutes' | 'hours' | 'days';
}

/** Deadlines of a warning, by the row of domain notes 3.6 (`visits`, `expiry`: 3.7). */
export type ClockName = 'ack' | 'verify' | 'plan' | 'update' | 'reassess' | 'visits' | 'expiry';

/** Supervision level (督办) of a missed clock. */
export type Supervision = 1 | 2 | 3;

export type ByColour<T> = Readonly<Record<1 | 2 | 3, T>>;

/** What is to be done within which time, and what it takes to lower and to close: versioned data (domain notes 3.6, 3.7). */
export interface ResponsePolicy {
  readonly version: string;
  /** Where the numbers come from. */
  readonly source: string;
  readonly clocks: Readonly<Record<Exclude<ClockName, 'visits'>, ByColour<Budget>>>;
  /** Supervision level when a clock of this colour is missed. */
  readonly supervision: ByColour<Supervision>;
  readonly cooling: {
    /** Points below the threshold of the colour. */
    readonly margin: number;
    /** So long without interruption. */
    readonly hours: ByColour<number>;
  };
  /** Calendar days after monitoring began; `red` besides, for a warning that ever was red. */
  readonly visits: { readonly days: readonly number[]; readonly red: readonly number[] };
  /** How long after it was closed a warning can be reopened. */
  readonly reopenDays: number;
  /** Without a new signal for so long, and never verified, a warning expires. */
  readonly expiryDays: number;
}

const wall = (amount: number, unit: Budget['unit']): Budget => ({ basis: 'wall', amount, unit });
const working = (amount: number, unit: Budget['unit']): Budget => ({ basis: 'working', amount, unit });
const always = <T>(value: T): ByColour<T> => ({ 1: value, 2: value, 3: value });

export const response202601: ResponsePolicy = {
  version: '2026-01',
  source: 'Linli domain notes 3.6, 3.7',
  clocks: {
    ack: { 3: wall(10, 'minutes'), 2: wall(30, 'minutes'), 1: working(4, 'hours') },
    verify: { 3: wall(30, 'minutes'), 2: wall(2, 'hours'), 1: wall(24, 'hours') },
    plan: { 3: wall(2, 'hours'), 2: wall(24, 'hours'), 1: working(3, 'days') },
    update: { 3: wall(4, 'hours'), 2: wall(1, 'days'), 1: wall(3, 'days') },
    reassess: { 3: wall(24, 'hours'), 2: wall(72, 'hours'), 1: wall(7, 'days') },
    expiry: always(wall(14, 'days')),
  },
  supervision: { 1: 1, 2: 2, 3: 3 },
  cooling: { margin: 10, hours: { 3: 24, 2: 72, 1: 168 } },
  visits: { days: [7, 15, 30], red: [90] },
  reopenDays: 30,
  expiryDays: 14,
};

const colourOf = (level: Level): 1 | 2 | 3 => {
  if (level === 0) throw new Error(`no response to ${nameOf(level)}`);
  return level;
};

export const budgetOf = (policy: ResponsePolicy, clock: Exclude<ClockName, 'visits'>, level: Level): Budget =>
  policy.clocks[clock][colourOf(level)];

export const supervisionOf = (policy: ResponsePolicy, level: Level): Supervision =>
  policy.supervision[colourOf(level)];

export const coolingHours = (policy: ResponsePolicy, level: Level): number =>
  policy.cooling.hours[colourOf(level)];

/** The days on which a warning is visited after the danger is gone, by the highest colour it had. */
export const visitDays = ({ visits }: ResponsePolicy, peak: Level): readonly number[] =>
  peak === 3 ? [...visits.days, ...visits.red] : visits.days;

/** The earliest instant of a visit: the beginning of the calendar day that lies so many days later. */
export const visitOpens = (monitoredAt: number, days: number): number =>
  startOfShanghaiDay(shanghaiDayOf(monitoredAt) + days);

export const reopensUntil = (policy: ResponsePolicy, closedAt: number): number =>
  closedAt + policy.reopenDays * DAY;

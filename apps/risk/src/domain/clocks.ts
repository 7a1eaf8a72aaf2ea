import {
  budgetOf,
  supervisionOf,
  visitDays,
  type Budget,
  type ClockName,
  type ResponsePolicy,
  type Supervision,
} from './response.js';
import type { Level } from './colour.js';
import type { Warning } from './warning.js';
import type { Move } from './warning.moves.js';

/** What a move does to the deadlines of a warning. Starting one that runs begins it anew; the other two need it to run. */
export type ClockChange =
  | {
      readonly start: ClockName;
      readonly budget: Budget;
      /** The instant from which the budget counts, milliseconds. */
      readonly from: number;
      /** Supervision level when it is missed (domain notes 3.6). */
      readonly supervision: Supervision;
      /** Version of the response policy. */
      readonly policy: string;
    }
  | { readonly stop: ClockName }
  | { readonly pause: ClockName };

/** The next visit counts from the day on which monitoring began, in calendar days; null when all were made. */
const nextVisit = ({ peak, visits }: Warning, policy: ResponsePolicy): Budget | null => {
  const amount = visitDays(policy, peak)[visits];
  return amount === undefined ? null : { basis: 'calendar', amount, unit: 'days' };
};

/** A clock that begins, with the budget of a colour. */
export const startOf = (
  start: Exclude<ClockName, 'visits'>,
  level: Level,
  from: number,
  policy: ResponsePolicy,
): ClockChange => ({ ...{ start, budget: budgetOf(policy, start, level), from }, ...missed(policy, level) });

const missed = (policy: ResponsePolicy, level: Level) => ({
  supervision: supervisionOf(policy, level),
  policy: policy.version,
});

const started = (clock: ClockName, after: Warning, policy: ResponsePolicy, now: number): ClockChange => {
  if (clock !== 'visits') return startOf(clock, after.level, now, policy);
  const budget = nextVisit(after, policy);
  const from = after.monitoredAt ?? now;
  return budget ? { start: clock, budget, from, ...missed(policy, after.level) } : { stop: clock };
};

/** The clock changes of a move. `after`: the warning with its fact, whose colour gives the budgets. */
export const clockChanges = (
  { starts, stops, pauses }: Pick<Move, 'starts' | 'stops' | 'pauses'>,
  after: Warning,
  policy: ResponsePolicy,
  now: number,
): ClockChange[] => [
  ...stops.map((stop) => ({ stop })),
  ...pauses.map((pause) => ({ pause })),
  ...starts.map((clock) => started(clock, after, policy, now)),
];

/** How a clock of a warning stands. `run`: how often it was started; each time is a deadline of its own. */
export interface ClockStand {
  readonly run: number;
  readonly state: 'runs' | 'paused' | 'over';
}
export type Clocks = Readonly<Partial<Record<ClockName, ClockStand>>>;

/** What is to happen to one deadline. */
export type ClockStep =
  | (Extract<ClockChange, { start: ClockName }> & { readonly run: number })
  | { readonly end: ClockName; readonly run: number }
  | { readonly pause: ClockName; readonly run: number };

type Turned = { readonly clocks: Clocks; readonly steps: readonly ClockStep[] };

const nameOf = (change: ClockChange): ClockName =>
  'start' in change ? change.start : 'stop' in change ? change.stop : change.pause;

const turned = ({ clocks, steps }: Turned, change: ClockChange): Turned => {
  const name = nameOf(change);
  const { run, state } = clocks[name] ?? { run: 0, state: 'over' };
  const stand = (after: ClockStand, ...more: readonly ClockStep[]): Turned => ({
    clocks: { ...clocks, [name]: after },
    steps: [...steps, ...more],
  });
  const ending: ClockStep[] = state === 'over' ? [] : [{ end: name, run }];
  if ('start' in change)
    return stand({ run: run + 1, state: 'runs' }, ...ending, { ...change, run: run + 1 });
  if ('stop' in change)
    return state === 'over' ? { clocks, steps } : stand({ run, state: 'over' }, ...ending);
  return state === 'runs' ? stand({ run, state: 'paused' }, { pause: name, run }) : { clocks, steps };
};

/** The clocks of a warning after changes, and what that is for their deadlines. */
export const turn = (clocks: Clocks, changes: readonly ClockChange[]): Turned =>
  changes.reduce(turned, { clocks, steps: [] });

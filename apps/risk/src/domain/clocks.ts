import {
  budgetOf,
  supervisionOf,
  visitDays,
  type Budget,
  type ClockName,
  type ResponsePolicy,
} from './response.js';
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
      readonly supervision: 1 | 2 | 3;
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

const started = (clock: ClockName, after: Warning, policy: ResponsePolicy, now: number): ClockChange => {
  const budget = clock === 'visits' ? nextVisit(after, policy) : budgetOf(policy, clock, after.level);
  if (!budget) return { stop: clock };
  const from = clock === 'visits' ? (after.monitoredAt ?? now) : now;
  return {
    start: clock,
    budget,
    from,
    supervision: supervisionOf(policy, after.level),
    policy: policy.version,
  };
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

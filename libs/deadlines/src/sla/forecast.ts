/** Deadlines of one queue that are due at the same time. */
export interface DueTogether {
  /** Milliseconds. */
  readonly due: number;
  readonly count: number;
}

export interface ForecastParts {
  /** By due time, the overdue ones among them; suspended ones without an end are not in the queue. */
  readonly queue: readonly DueTogether[];
  readonly now: number;
  /** Deadlines that are ended per working hour. */
  readonly perHour: number;
  /** Working hours from now to an instant. */
  readonly hoursTo: (instant: number) => number;
}

export interface Forecast {
  readonly overdue: number;
  readonly waiting: number;
  /** Of those waiting, how many are past their due time before their turn comes. */
  readonly atRisk: number;
  /** Place in the queue, from 1, and due time of the first of them. */
  readonly first: { readonly place: number; readonly due: number } | null;
}

/** A share of one that is as good as done: what dividing may leave over. */
const SLACK = 1e-9;

/**
 * First due, first served, one after another at an even rate: the k-th of the queue is done after k / rate working
 * hours. Who is overdue waits at the head. Decision 0025.
 */
export const forecast = ({ queue, now, perHour, hoursTo }: ForecastParts): Forecast => {
  let [before, overdue, atRisk] = [0, 0, 0];
  let first: Forecast['first'] = null;
  for (const { due, count } of queue) {
    const place = before;
    before += count;
    if (due < now) overdue += count;
    else {
      const done = Math.floor(perHour * hoursTo(due) + SLACK);
      const late = Math.min(count, Math.max(0, before - done));
      atRisk += late;
      if (late > 0) first ??= { place: place + count - late + 1, due };
    }
  }
  return { overdue, waiting: before - overdue, atRisk, first };
};

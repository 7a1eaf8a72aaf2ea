import type { DeadlineMove } from '../calendars/deadlines-on.js';
import type { Amended } from './amend.js';
import type { Deadline } from './deadline.js';

/** A deadline, and what a change makes of it. */
export type Weighed = readonly [before: Deadline, after: Amended];

export const isMoved = ([before, { deadline }]: Weighed): boolean => before.due !== deadline.due;

export const movesOf = (all: readonly Weighed[]): DeadlineMove[] =>
  all.filter(isMoved).map(([{ id, aggregateId, clock, due: from }, { deadline }]) => ({
    ...{ id, aggregateId, clock, from, to: deadline.due },
  }));

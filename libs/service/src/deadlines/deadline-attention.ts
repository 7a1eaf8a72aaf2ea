import type { Deadlines } from '@linli/deadlines';
import type { Transaction } from '@linli/store';

export type Counted = Awaited<ReturnType<Deadlines<Transaction>['figures']>>;

export const nothingCounted: Counted = {
  ...{ armed: 0, overdue: 0, overdueMs: 0, undecided: 0, provisional: 0, alarmsLost: 0 },
};

/** As the status of a service names them. */
export const deadlineFigures = ({ armed, overdue, undecided, provisional }: Counted) => ({
  deadlinesArmed: armed,
  deadlinesOverdue: overdue,
  deadlinesUndecided: undecided,
  deadlinesProvisional: provisional,
});

const deadlines = (count: number): string => (count === 1 ? '1 deadline' : `${count} deadlines`);

/** What an operator should look at, a sentence each. */
export const deadlineAttention = ({ overdue, overdueMs, undecided, provisional }: Counted): string[] => [
  ...(overdue > 0
    ? [
        `${deadlines(overdue)} not fired in time, the oldest ${Math.round(overdueMs / 1000)} s late: the log of the service says why`,
      ]
    : []),
  ...(undecided > 0
    ? [`${deadlines(undecided)} due for more than a minute without an answer: linli keys list`]
    : []),
  ...(provisional > 0
    ? [
        `${deadlines(provisional)} provisional: they reach into a year without a calendar: linli calendar import`,
      ]
    : []),
];

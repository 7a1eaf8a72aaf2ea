import { DAY } from '@linli/kernel';
import { startOf, type ClockChange } from './clocks.js';
import type { ClockName, ResponsePolicy } from './response.js';
import type { WarningCommand } from './warning.commands.js';
import type { Warning } from './warning.js';

/** A rung of the ladder of a running clock that was reached. */
export interface Reached {
  readonly clock: ClockName;
  readonly due: number;
  /** 0: on the way. 1: the due time. 2, 3: the same time passed again. */
  readonly notice: 0 | 1 | 2 | 3;
}

/**
 * What the system orders when a rung is reached (domain notes 3.6: a miss escalates one level, under supervision); nothing:
 * people are reminded only. What is red stays red, and is supervised.
 */
export const ordersAt = (
  { level }: Pick<Warning, 'level'>,
  { clock, due, notice }: Reached,
): readonly WarningCommand[] => {
  if (notice === 0 || clock === 'visits') return [];
  if (clock === 'expiry') return [{ type: 'expire' }];
  return [{ type: 'supervise', clock, due, notice }, ...(level < 3 ? [{ type: 'escalate' } as const] : [])];
};

/**
 * What becomes of the clock of expiry at its due time; null: the warning expires. A newer signal gives it its time again,
 * and what was issued above yellow does not expire any more.
 */
export const expiryAgain = (
  warning: Pick<Warning, 'status' | 'level' | 'raisedAt'>,
  newestSignalAt: number | null,
  policy: ResponsePolicy,
  now: number,
): ClockChange | null => {
  const { status, level, raisedAt } = warning;
  if (status === 'issued' && level > 1) return { stop: 'expiry' };
  const from = newestSignalAt ?? raisedAt;
  return now - from < policy.expiryDays * DAY ? startOf('expiry', level, from, policy) : null;
};

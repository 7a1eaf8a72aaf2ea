import type { ClockCount } from '@linli/deadlines';

/** What an operator should look at: to be late happens, that nobody hears of it must not. */
export const slaAttention = (clocks: readonly ClockCount[]): string[] =>
  clocks
    .filter(({ unescalated }) => unescalated > 0)
    .map(
      ({ clock, unescalated }) =>
        `${unescalated} of ${clock} past their due time, and nobody was told: linli sla items --clock ${clock} --band overdue`,
    );

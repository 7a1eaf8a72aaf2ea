import type { SlaItem } from '@linli/contracts';
import { duration } from '../ops/table.js';

/** `in 3.5 h`, `26 min ago`, `-` for never. */
export const fromNow = (at: string | null, now: string): string => {
  if (at === null) return '-';
  const seconds = (Date.parse(at) - Date.parse(now)) / 1000;
  return seconds < 0 ? `${duration(-seconds)} ago` : `in ${duration(seconds)}`;
};

/** `-` for none: what is there stands out. */
export const some = (count: number): string => (count === 0 ? '-' : String(count));

const rounded = (amount: number): string => String(Math.round(amount * 10) / 10);

/** `2.5 working hours (36 %)` */
export const leftOf = ({ remaining: { amount, basis, unit, share } }: Pick<SlaItem, 'remaining'>): string =>
  `${rounded(amount)} ${basis === 'wall' ? unit : `${basis} ${unit}`} (${Math.round(share * 100)} %)`;

export const query = (given: Readonly<Record<string, string | number | boolean | undefined>>): string => {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(given)) if (value !== undefined) search.set(name, String(value));
  return search.size > 0 ? `?${search.toString()}` : '';
};

export const missingLine = (unreachable: readonly string[]): string[] =>
  unreachable.length === 0 ? [] : [`not answered: ${unreachable.join(', ')}`];

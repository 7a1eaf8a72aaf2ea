import { DAY, shanghaiDayOf } from '@linli/kernel';
import type { Rule } from './parameters.js';
import type { Item } from './signal.js';

/** Logarithm of the value at an instant common to all: decay turns strength into time and back. */
const rank = (item: Item, rule: Rule): number => Math.log(item.strength) + item.at / (rule.decayDays * DAY);

/** Strongest first; of two equals the later, then the one whose key sorts first: a total order. */
export const byStrength =
  (rule: Rule) =>
  (a: Item, b: Item): number => {
    const [rankA, rankB] = [rank(a, rule), rank(b, rule)];
    if (rankA !== rankB) return rankB > rankA ? 1 : -1;
    return b.at - a.at || (a.key < b.key ? -1 : 1);
  };

/**
 * The items that can still matter, strongest first. One that is weaker and not of a later day than `cap + most repeats`
 * others leaves the window before them, is never among the counted and never changes the capped number of repeats: it is
 * forgotten. What is kept depends on the set of items alone, not on the order in which they came.
 */
export const skyline = (items: readonly Item[], rule: Rule): Item[] => {
  const enough = rule.parameters.partyCap + rule.parameters.repeat.most;
  const kept: { item: Item; day: number }[] = [];
  for (const item of items.toSorted(byStrength(rule))) {
    const day = shanghaiDayOf(item.at);
    if (kept.filter((stronger) => stronger.day >= day).length < enough) kept.push({ item, day });
  }
  return kept.map(({ item }) => item);
};

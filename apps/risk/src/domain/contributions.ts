import { groupBy, shanghaiDayOf } from '@linli/kernel';
import type { Rule } from './parameters.js';
import { byStrength } from './party-cap.js';
import { windowStart } from './window.js';
import { itemOf, valueOf, worthAt, type Signal } from './signal.js';

/** What one signal in the window adds to the sum of its place at an instant. */
export interface Contribution<S extends Signal = Signal> {
  readonly signal: S;
  /** Zero when it is not counted. */
  readonly value: number;
  /** False: a fourth or later signal of one party, which feeds the repeat factor. */
  readonly counted: boolean;
}

/** The signals of one place that are in the window at `t`, strongest first. The values add up to its own sum. */
export const contributions = <S extends Signal>(
  signals: readonly S[],
  t: number,
  rule: Rule,
): Contribution<S>[] => {
  const from = windowStart(t, rule.parameters.windowDays);
  const strongest = byStrength(rule);
  const inWindow = signals
    .filter(({ occurredAt }) => shanghaiDayOf(occurredAt) >= from)
    .toSorted((a, b) => strongest(itemOf(a), itemOf(b)));
  const counted = new Set(
    [...groupBy(inWindow, ({ party }) => party)].flatMap(([party, of]) =>
      party === null ? of : of.slice(0, rule.parameters.partyCap),
    ),
  );
  return inWindow.map((signal) => {
    const isCounted = counted.has(signal);
    const item = itemOf(signal);
    const value = isCounted ? worthAt(valueOf(item, rule), shanghaiDayOf(item.at), t, rule) : 0;
    return { signal, value, counted: isCounted };
  });
};

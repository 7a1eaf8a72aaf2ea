import { DAY, shanghaiDayOf, startOfShanghaiDay } from '@linli/kernel';
import type { Rule } from './parameters.js';

/** A risk event as the score sees it. */
export interface Signal {
  readonly source: string;
  readonly id: string;
  /** Milliseconds. A signal counts at its own time, however late it comes. */
  readonly occurredAt: number;
  /** 0 to 1. */
  readonly credibility: number;
  /** 0.5 to 1.5. */
  readonly severity: number;
  readonly confirmed: boolean;
  readonly party: string | null;
  readonly vulnerable: boolean;
  readonly triggers: readonly string[];
}

/** What is kept of a signal of a party whose signals must be told apart. */
export interface Item {
  /** `source`, a line feed, `id`: unique in a tenant. */
  readonly key: string;
  readonly at: number;
  /** Credibility times severity. */
  readonly strength: number;
}

export const itemKeyOf = ({ source, id }: Pick<Signal, 'source' | 'id'>): string => `${source}\n${id}`;

export const itemOf = (signal: Signal): Item => ({
  key: itemKeyOf(signal),
  at: signal.occurredAt,
  strength: signal.credibility * signal.severity,
});

/** Fixed point of the sums: integers add up to the same in any order. Safe to about two million signals a day and place. */
export const UNIT = 1e-9;

/** v = (w / 5) · cred · sev · e^((t_i − start of its day) / τ) in units: what it is worth at the start of its day. */
export const valueOf = (item: Item, rule: Rule): number => {
  const ahead = (item.at - startOfShanghaiDay(shanghaiDayOf(item.at))) / (rule.decayDays * DAY);
  return Math.round(((rule.weight / 5) * item.strength * Math.exp(ahead)) / UNIT);
};

/** What a value taken at the start of `day` is worth at `t`. */
export const worthAt = (value: number, day: number, t: number, rule: Rule): number =>
  value * UNIT * Math.exp(-(t - startOfShanghaiDay(day)) / (rule.decayDays * DAY));

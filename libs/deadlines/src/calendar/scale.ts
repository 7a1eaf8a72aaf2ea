import { shanghaiDayNamed, shanghaiDayOf, startOfShanghaiDay, yearOfShanghaiDay } from '@linli/kernel';
import type { Spans } from './office-hours.js';

interface Year {
  /** Number of its first day. */
  readonly first: number;
  /** What has passed before each of its days and after its last, since the year that was asked for first. */
  readonly before: Float64Array;
  /** Of each of its days. */
  readonly spans: readonly Spans[];
}

const FIRST_YEAR = 2000;
const LAST_YEAR = 2199;
const firstDayOf = (year: number): number => shanghaiDayNamed(`${year}-01-01`) ?? 0;

const lengthOf = (spans: Spans): number => spans.reduce((sum, [from, to]) => sum + to - from, 0);

/** The first index at which `values` reaches `least`; `values` never falls. */
const firstReaching = (values: Float64Array, least: number): number => {
  let [low, high] = [0, values.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((values[middle] ?? Infinity) < least) low = middle + 1;
    else high = middle;
  }
  return low;
};

/** Time outside of what calendars cover was asked for. */
export class OutOfCalendar extends RangeError {
  override readonly name = 'OutOfCalendar';
}

/**
 * A measure of passing time that stands still outside of office hours: how much has passed at an instant, and when so
 * much will have passed. It never falls, and both are answered in O(log n).
 */
export class Scale {
  private readonly years = new Map<number, Year>();
  private origin: number | null = null;

  constructor(
    private readonly spansOf: (day: number) => Spans,
    private readonly worthOf: (spans: Spans) => number,
  ) {}

  /** What has passed at an instant (milliseconds), since an origin of its own. */
  at(instant: number): number {
    const day = shanghaiDayOf(instant);
    const { first, before, spans: all } = this.year(yearOfShanghaiDay(day));
    const spans = all[day - first] ?? [];
    const into = instant - startOfShanghaiDay(day);
    const passed = spans.reduce((sum, [from, to]) => sum + Math.max(0, Math.min(into, to) - from), 0);
    const length = lengthOf(spans);
    return (before[day - first] ?? 0) + (length === 0 ? 0 : (this.worthOf(spans) * passed) / length);
  }

  /** The first instant at which so much has passed. */
  when(passed: number): number {
    const { first, before, spans: all } = this.yearReaching(passed);
    const nth = Math.max(1, firstReaching(before, passed));
    const day = first + nth - 1;
    const spans = all[nth - 1] ?? [];
    const start = before[nth - 1] ?? 0;
    let left = ((passed - start) * lengthOf(spans)) / this.worthOf(spans);
    for (const [from, to] of spans) {
      if (left <= to - from) return startOfShanghaiDay(day) + from + left;
      left -= to - from;
    }
    return startOfShanghaiDay(day) + (spans.at(-1)?.[1] ?? 0);
  }

  private yearReaching(passed: number): Year {
    let number = this.origin ?? FIRST_YEAR;
    while (number > FIRST_YEAR && (this.year(number).before[0] ?? 0) >= passed) number -= 1;
    for (; number <= LAST_YEAR; number += 1) {
      const year = this.year(number);
      if ((year.before.at(-1) ?? 0) >= passed) return year;
    }
    throw new OutOfCalendar(`calendars end with ${LAST_YEAR}`);
  }

  private year(number: number): Year {
    if (number < FIRST_YEAR || number > LAST_YEAR)
      throw new OutOfCalendar(`calendars cover ${FIRST_YEAR} to ${LAST_YEAR}, not ${number}`);
    const known = this.years.get(number) ?? this.sumUp(number);
    this.years.set(number, known);
    return known;
  }

  /** Counted on from the year that was asked for first, forwards and backwards: those far away cost nothing. */
  private sumUp(number: number): Year {
    this.origin ??= number;
    const first = firstDayOf(number);
    const spans = Array.from({ length: firstDayOf(number + 1) - first }, (_, n) => this.spansOf(first + n));
    const before = new Float64Array(spans.length + 1);
    for (const [n, own] of spans.entries()) before[n + 1] = (before[n] ?? 0) + this.worthOf(own);
    const start = this.startOf(number, before.at(-1) ?? 0);
    return { first, before: before.map((passed) => start + passed), spans };
  }

  private startOf(number: number, total: number): number {
    const origin = this.origin ?? number;
    if (number === origin) return 0;
    return number > origin
      ? (this.year(number - 1).before.at(-1) ?? 0)
      : (this.year(number + 1).before[0] ?? 0) - total;
  }
}

import type { HolidayYear, OfficeHours, Windows } from '@linli/contracts';
import { DAY, dateOfShanghaiDay, shanghaiDayNamed, startOfShanghaiDay, weekdayOf } from '@linli/kernel';
import { spansOf, windowsOn, type Spans } from './office-hours.js';
import { Scale } from './scale.js';

export interface CalendarSpec {
  readonly version: string;
  readonly years: readonly HolidayYear[];
  readonly hours: OfficeHours;
}

export interface CalendarDay {
  /** See `shanghaiDayOf`. */
  readonly day: number;
  /** `YYYY-MM-DD` */
  readonly date: string;
  readonly working: boolean;
  /** Why: the holiday's name, make-up day, rest day, working day. */
  readonly reason: string;
  /** Holiday that a day off or a make-up day belongs to. */
  readonly holiday: string | null;
  /** Empty on a day off. */
  readonly windows: Windows;
  readonly source: string | null;
  /** Nothing is published for its year yet: by the week only. */
  readonly provisional: boolean;
}

/** The reason with the holiday of a make-up day: `make-up day (国庆节)`. */
export const fullReason = ({ reason, holiday }: Pick<CalendarDay, 'reason' | 'holiday'>): string =>
  holiday === null || holiday === reason ? reason : `${reason} (${holiday})`;

interface Named {
  readonly name: string;
  readonly isOffDay: boolean;
  readonly source: string | null;
}

/**
 * Working days and office hours of a unit, in one version. Every question is answered by prefix sums over days and a
 * binary search, a year being summed up when it is first asked for.
 */
export class WorkingCalendar {
  readonly version: string;
  /** Working time, in milliseconds. */
  readonly time: Scale;
  /** Working days; a day passes evenly over its office hours. */
  readonly days: Scale;
  private readonly named: ReadonlyMap<number, Named>;
  private readonly published: ReadonlySet<number>;
  private readonly hours: OfficeHours;

  constructor({ version, years, hours }: CalendarSpec) {
    this.version = version;
    this.hours = hours;
    this.published = new Set(years.filter(({ days }) => days.length > 0).map(({ year }) => year));
    this.named = new Map(
      years.flatMap(({ days, papers }) =>
        days.map(({ date, name, isOffDay }) => [
          shanghaiDayNamed(date) ?? 0,
          { name, isOffDay, source: papers[0] ?? null },
        ]),
      ),
    );
    const spans = (day: number): Spans => spansOf(this.day(day).windows);
    this.time = new Scale(spans, (of) => of.reduce((sum, [from, to]) => sum + to - from, 0));
    this.days = new Scale(spans, (of) => (of.length > 0 ? 1 : 0));
  }

  isPublished(year: number): boolean {
    return this.hours.always || this.published.has(year);
  }

  day(day: number): CalendarDay {
    const date = dateOfShanghaiDay(day);
    const judged = this.judge(day);
    return {
      ...{ day, date, ...judged },
      windows: judged.working ? windowsOn(this.hours, date) : [],
      provisional: !this.isPublished(Number(date.slice(0, 4))),
    };
  }

  /** This day when it is a working day, else the next one. */
  workingDayFrom(day: number): number {
    let found = day;
    while (!this.day(found).working) found += 1;
    return found;
  }

  /** The instant at which work ends on a working day; of another day its end. */
  closeOf(day: number): number {
    const last = spansOf(this.day(day).windows).at(-1);
    return startOfShanghaiDay(day) + (last ? last[1] : DAY);
  }

  private judge(day: number): Pick<CalendarDay, 'working' | 'reason' | 'holiday' | 'source'> {
    if (this.hours.always)
      return { working: true, reason: 'open all day', holiday: null, source: this.hours.source };
    const named = this.named.get(day);
    if (named) {
      const { name: holiday, isOffDay, source } = named;
      return { working: !isOffDay, reason: isOffDay ? holiday : 'make-up day', holiday, source };
    }
    const rests = weekdayOf(day) % 6 === 0;
    return { working: !rests, reason: rests ? 'rest day' : 'working day', holiday: null, source: null };
  }
}

import { DEFAULT_CALENDAR, type CalendarImport } from '@linli/contracts';
import {
  saidOver,
  standingOn,
  versionOf,
  type CalendarContent,
  type OwnContent,
} from '../calendar/content.js';
import type { StoredCalendar } from '../store/calendar-store.js';

/** A calendar before and after an import. */
export interface Planned {
  readonly calendar: string;
  readonly own: OwnContent;
  readonly before: CalendarContent;
  readonly after: CalendarContent;
  readonly previousVersion: string;
  readonly version: string;
}

/** What stands: everybody's calendar, and those of the tenant. */
export interface Standing {
  readonly everybody: CalendarContent;
  readonly own: readonly Pick<StoredCalendar, 'calendar' | 'own'>[];
}

const nothing: OwnContent = { hours: null, years: [] };

export const ownOf = ({ year, papers, days, hours }: CalendarImport): OwnContent => ({
  hours: hours ?? null,
  years: year === undefined || days === undefined ? [] : [{ year, papers, days }],
});

/** All that the tenant's calendars say; a name without one says what the default says. */
const saying =
  ({ everybody, own }: Standing) =>
  (calendar: string): CalendarContent => {
    const of = (name: string): OwnContent => own.find((one) => one.calendar === name)?.own ?? nothing;
    const common = standingOn(everybody, of(DEFAULT_CALENDAR));
    return calendar === DEFAULT_CALENDAR ? common : standingOn(common, of(calendar));
  };

const changeOf = (calendar: string, standing: Standing, then: Standing): Planned => {
  const [before, after] = [saying(standing)(calendar), saying(then)(calendar)];
  return {
    ...{ calendar, before, after, previousVersion: versionOf(before), version: versionOf(after) },
    own: then.own.find((one) => one.calendar === calendar)?.own ?? nothing,
  };
};

/** What an import does. */
export interface ImportPlan {
  /** False: all of it was said already. */
  readonly changed: boolean;
  /** The calendar that is imported into. */
  readonly named: Planned;
  /** Those of units that stand on it and change with it. */
  readonly followers: readonly Planned[];
}

/** An import into the default changes also what stands on it; a unit's first import makes its calendar. */
export const planImport = (standing: Standing, calendar: string, more: OwnContent): ImportPlan => {
  const known = standing.own.find((one) => one.calendar === calendar);
  const others = standing.own.filter((one) => one.calendar !== calendar);
  const then: Standing = {
    everybody: standing.everybody,
    own: [...others, { calendar, own: saidOver(known?.own ?? nothing, more) }],
  };
  const named = changeOf(calendar, standing, then);
  const isNew = !known && calendar !== DEFAULT_CALENDAR;
  const followers = calendar === DEFAULT_CALENDAR ? others : [];
  return {
    changed: isNew || named.previousVersion !== named.version,
    named,
    followers: followers
      .map((one) => changeOf(one.calendar, standing, then))
      .filter(({ previousVersion, version }) => previousVersion !== version),
  };
};

import { createHash } from 'node:crypto';
import type { HolidayYear, OfficeHours } from '@linli/contracts';
import { usualHours } from './office-hours.js';
import { packagedYears } from './packaged.js';

/** All that a calendar says. */
export interface CalendarContent {
  readonly hours: OfficeHours;
  readonly years: readonly HolidayYear[];
}

/** What a calendar says by itself; the rest is said by the one that it stands on. */
export interface OwnContent {
  readonly hours: OfficeHours | null;
  readonly years: readonly HolidayYear[];
}

/** What this release brings for everybody. */
export const packaged: CalendarContent = { hours: usualHours, years: packagedYears };

/** The years of both; of a year that both have, that of `over`. */
const yearsOver = (under: readonly HolidayYear[], over: readonly HolidayYear[]): HolidayYear[] => {
  const years = new Map([...under, ...over].map((year) => [year.year, year]));
  return [...years.values()].toSorted((a, b) => a.year - b.year);
};

export const standingOn = (under: CalendarContent, own: OwnContent): CalendarContent => ({
  hours: own.hours ?? under.hours,
  years: yearsOver(under.years, own.years),
});

/** What it says by itself after something more was said. */
export const saidOver = (own: OwnContent, more: OwnContent): OwnContent => ({
  hours: more.hours ?? own.hours,
  years: yearsOver(own.years, more.years),
});

/** The one text of a content, whatever the order in which it was said. */
export const textOf = ({ hours, years }: CalendarContent): string =>
  JSON.stringify({
    hours: {
      always: hours.always,
      seasons: hours.seasons.map(({ from, to, windows }) => ({ from, to, windows })),
      source: hours.source,
      windows: hours.windows,
    },
    years: years
      .toSorted((a, b) => a.year - b.year)
      .map(({ year, papers, days }) => ({
        year,
        papers,
        days: days
          .map(({ date, isOffDay, name }) => ({ date, isOffDay, name }))
          .toSorted((a, b) => (a.date < b.date ? -1 : 1)),
      })),
  });

/** SHA-256 (hex) of the text of a content: services that have equal versions reckon alike. */
export const versionOf = (content: CalendarContent): string =>
  createHash('sha256').update(textOf(content)).digest('hex');

/** Years for which something is published. */
export const publishedIn = ({ years }: Pick<CalendarContent, 'years'>): number[] =>
  years.filter(({ days }) => days.length > 0).map(({ year }) => year);

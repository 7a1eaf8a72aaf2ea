import { DAY, HOUR } from '@linli/kernel';

/** The district keeps Chinese time all year. */
export const OFFSET = '+08:00';
export const OPENS_AT = 9;
export const CLOSES_AT = 17;

export const instantAt = (day: string, hour: number): Date =>
  new Date(Date.parse(`${day}T00:00:00${OFFSET}`) + hour * HOUR);

const local = (at: Date | string): string => new Date(new Date(at).getTime() + 8 * HOUR).toISOString();

/** `2023-09-29` in the district. */
export const localDay = (at: Date | string): string => local(at).slice(0, 10);

/** `2023-09-29 14:05` in the district. */
export const localMinute = (at: Date | string): string => local(at).slice(0, 16).replace('T', ' ');

export const localOf = (at: Date): string => `${local(at).slice(0, 19)}${OFFSET}`;

export const daysLater = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY).toISOString().slice(0, 10);

export const daysBetween = (from: string, to: string): number =>
  Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY);

import {
  dateOfShanghaiDay,
  HOUR,
  shanghaiDayNamed,
  shanghaiDayOf,
  shanghaiTime,
  startOfShanghaiDay,
} from '@linli/kernel';

export const OPENS_AT = 9;
export const CLOSES_AT = 17;

const numberOf = (day: string): number => {
  const number = shanghaiDayNamed(day);
  if (number === null) throw new RangeError(`${day} is no day`);
  return number;
};

const millis = (at: Date | string): number => new Date(at).getTime();

export const instantAt = (day: string, hour: number): Date =>
  new Date(startOfShanghaiDay(numberOf(day)) + hour * HOUR);

/** `2023-09-29` in the district. */
export const localDay = (at: Date | string): string => dateOfShanghaiDay(shanghaiDayOf(millis(at)));

/** `2023-09-29 14:05` in the district. */
export const localMinute = (at: Date | string): string =>
  shanghaiTime(millis(at)).slice(0, 16).replace('T', ' ');

export const daysLater = (day: string, days: number): string => dateOfShanghaiDay(numberOf(day) + days);

export const daysBetween = (from: string, to: string): number => numberOf(to) - numberOf(from);

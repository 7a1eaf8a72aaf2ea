import { OfficeHours, type Windows } from '@linli/contracts';
import { MINUTE } from '@linli/kernel';

const minuteOf = (time: string): number => {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 60 + minutes;
};

const covers = ({ from, to }: { from: string; to: string }, day: string): boolean =>
  from <= to ? from <= day && day <= to : from <= day || day <= to;

const wholeDay: Windows = [['00:00', '24:00']];

/** The windows of a working day; `date` is `YYYY-MM-DD`. */
export const windowsOn = ({ windows, seasons, always }: OfficeHours, date: string): Windows => {
  if (always) return wholeDay;
  return seasons.find((season) => covers(season, date.slice(5)))?.windows ?? windows;
};

/** Spans of a day at which time passes, in milliseconds since its start. */
export type Spans = readonly (readonly [number, number])[];

const known = new WeakMap<Windows, Spans>();

export const spansOf = (windows: Windows): Spans => {
  const spans =
    known.get(windows) ??
    windows.map(([from, to]): readonly [number, number] => [minuteOf(from) * MINUTE, minuteOf(to) * MINUTE]);
  known.set(windows, spans);
  return spans;
};

/** 9 to 12 and 14 to 18, as offices in most of the country. */
export const usualHours: OfficeHours = OfficeHours.parse({});

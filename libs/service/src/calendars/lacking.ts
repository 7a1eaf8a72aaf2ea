import type { WorkingCalendars } from '@linli/deadlines';
import { dateOfShanghaiDay, shanghaiDayOf, type Clock } from '@linli/kernel';
import type { Database, Transaction } from '@linli/store';

/** How many calendars, of all tenants, have no data for this year and for the next one. */
export interface Lacking {
  readonly thisYear: number;
  readonly nextYear: number;
}

export const nothingLacks: Lacking = { thisYear: 0, nextYear: 0 };

/** The State Council publishes the next year's holidays in October or November. */
const DUE_MONTH = 12;

const yearAndMonth = (now: Date): readonly [year: number, month: number] => {
  const [year, month] = dateOfShanghaiDay(shanghaiDayOf(now.getTime())).split('-').map(Number);
  return [year ?? 0, month ?? 0];
};

export const lackingOf = async (
  { store }: Pick<WorkingCalendars<Transaction>, 'store'>,
  database: Pick<Database, 'connection'>,
  clock: Clock,
): Promise<Lacking> => {
  const [year] = yearAndMonth(clock.now());
  const tx = database.connection('http');
  const [thisYear, nextYear] = await Promise.all([store.lacking(tx, year), store.lacking(tx, year + 1)]);
  return { thisYear, nextYear };
};

const sentence = (calendars: number, year: number): string[] =>
  calendars === 0
    ? []
    : [
        `no data for ${year} in ${calendars} calendar${calendars === 1 ? '' : 's'}: deadlines that reach into it are provisional: linli calendar import`,
      ];

/** What an operator should look at: this year's data at once, next year's when they must have been published. */
export const calendarAttention = ({ thisYear, nextYear }: Lacking, now: Date): string[] => {
  const [year, month] = yearAndMonth(now);
  return [...sentence(thisYear, year), ...(month >= DUE_MONTH ? sentence(nextYear, year + 1) : [])];
};

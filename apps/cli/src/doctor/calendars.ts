import { CalendarPage } from '@linli/contracts';
import { dateOfShanghaiDay, shanghaiDayOf, systemClock } from '@linli/kernel';
import type { Api } from '../client/api.js';
import { right, unknown, wrong, type Finding } from './finding.js';

/** The State Council publishes the next year's holidays in October or November. */
const DUE_MONTH = 12;

type Item = CalendarPage['items'][number];

const lacking = (items: readonly Item[], year: number): string[] =>
  items
    .filter(({ hours, publishedYears }) => !hours.always && !publishedYears.includes(year))
    .map(({ calendar }) => calendar);

const missing = (items: readonly Item[], year: number, late: boolean): Finding[] => {
  const names = lacking(items, year);
  if (names.length === 0) return [right('calendars', `every calendar has data for ${year}`)];
  const what = `no data for ${year} in ${names.join(', ')}: deadlines that reach into it are provisional`;
  const mend = `linli calendar import ${year}.json, once the State Council has published it`;
  return [late ? wrong('calendars', what, mend) : unknown('calendars', what, mend)];
};

/** Is this year's and next year's data there, in the same version in every service. */
export const examineCalendars = async (api: Api, now = systemClock.now()): Promise<Finding[]> => {
  const [year = 0, month = 0] = dateOfShanghaiDay(shanghaiDayOf(now.getTime())).split('-').map(Number);
  const { items } = await api.get('/v1/calendars', CalendarPage);
  const differing = items.filter(({ differs }) => differs.length > 0);
  return [
    ...missing(items, year, true),
    ...missing(items, year + 1, month >= DUE_MONTH),
    ...differing.map(({ calendar, differs }) =>
      wrong(
        'calendars',
        `${calendar} has another version in ${differs.join(', ')}`,
        'send the last import again: linli calendar import FILE',
      ),
    ),
  ];
};

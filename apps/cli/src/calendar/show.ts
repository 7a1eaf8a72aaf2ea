import { CalendarDays, CalendarPage, type CalendarDayView } from '@linli/contracts';
import { Api } from '../client/api.js';
import type { Connection } from '../commands/connection.js';
import { exitCode, type ExitCode } from '../exit-code.js';
import { table } from '../ops/table.js';
import type { Terminal } from '../terminal.js';

type CalendarItem = CalendarPage['items'][number];

const hoursOf = (windows: readonly (readonly [string, string])[]): string =>
  windows.map(([from, to]) => `${from}-${to}`).join(' ');

const head = ['calendar', 'version', 'years', 'hours', 'imported', 'by', 'differs in'];
const rowOf = (item: CalendarItem): string[] => [
  ...[item.calendar, item.calendarVersion.slice(0, 12), item.publishedYears.join(' ')],
  item.hours.always ? '24x7' : `${hoursOf(item.hours.windows)}${item.hours.seasons.length > 0 ? ' +' : ''}`,
  ...[item.importedAt.slice(0, 10), item.importedBy, item.differs.join(' ') || '-'],
];

const detailsOf = ({ hours, sources }: CalendarItem): string[] => [
  ...hours.seasons.map(({ from, to, windows }) => `  ${from} to ${to}  ${hoursOf(windows)}`),
  ...(hours.source === null ? [] : [`  hours: ${hours.source}`]),
  ...sources.map((source) => `  source: ${source}`),
];

/** `linli calendar show`: a service that has another version is a problem. */
export const showCalendars = async (
  name: string | undefined,
  { url, key, json }: Connection,
  terminal: Terminal,
): Promise<ExitCode> => {
  const page = await new Api(url, key).get('/v1/calendars', CalendarPage);
  const items = page.items.filter(({ calendar }) => name === undefined || calendar === name);
  if (json) terminal.out(JSON.stringify({ items }));
  else if (items.length > 0) table(head, items.map(rowOf)).forEach((line) => terminal.out(line));
  if (name !== undefined && !json) items.flatMap(detailsOf).forEach((line) => terminal.out(line));
  if (items.length === 0) terminal.err(`linli: there is no calendar ${name ?? ''}`.trimEnd());
  return items.length > 0 && items.every(({ differs }) => differs.length === 0)
    ? exitCode.ok
    : exitCode.problems;
};

const dayLine = ({ date, working, reason, windows, source }: CalendarDayView): string =>
  [date, working ? 'work' : 'off ', reason.padEnd(12), hoursOf(windows), source ?? ''].join('  ').trimEnd();

/** `linli calendar days`: a year without data is said, and no problem. */
export const showDays = async (
  from: string,
  to: string,
  { url, key, json, calendar }: Connection & { readonly calendar: string },
  terminal: Terminal,
): Promise<ExitCode> => {
  const query = new URLSearchParams({ from, to }).toString();
  const path = `/v1/calendars/${encodeURIComponent(calendar)}/days?${query}`;
  const days = await new Api(url, key).get(path, CalendarDays);
  if (json) terminal.out(JSON.stringify(days));
  else days.items.forEach((day) => terminal.out(dayLine(day)));
  for (const year of days.provisionalYears)
    terminal.err(`nothing is published for ${year}: its days are by the week only`);
  return exitCode.ok;
};

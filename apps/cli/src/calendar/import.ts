import { CalendarImported, type CalendarImport } from '@linli/contracts';
import { Api } from '../client/api.js';
import type { Connection } from '../commands/connection.js';
import { exitCode, type ExitCode } from '../exit-code.js';
import type { Terminal } from '../terminal.js';
import { calendarIn } from './read-file.js';

export interface ImportOptions extends Connection {
  readonly calendar: string;
  readonly dryRun?: boolean;
}

const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`;

const headLine = (file: string, imported: CalendarImported): string => {
  const { calendar, calendarVersion, dryRun, changed, difference, calendars, moving } = imported;
  const would = dryRun ? 'would change' : 'changed';
  if (!changed) return `· ${file}: ${calendar} says all that already (${calendarVersion.slice(0, 12)})`;
  const what = [
    count(difference.days.length, 'day'),
    ...(difference.hours ? ['the office hours'] : []),
    count(calendars.length, 'calendar'),
    `${count(moving, 'deadline')} ${dryRun ? 'would move' : 'moved'}`,
  ];
  return `✓ ${file}: ${calendar} ${would}: ${what.join(', ')} (${calendarVersion.slice(0, 12)})`;
};

const linesOf = (file: string, imported: CalendarImported): string[] => {
  const { difference, deadlines, moving } = imported;
  return [
    headLine(file, imported),
    ...difference.days.map(({ date, before, after }) => `    ${date}  ${before.reason} → ${after.reason}`),
    ...deadlines.map(
      ({ id, aggregateId, clock, from, to }) =>
        `    ${clock} of ${aggregateId} (${id})  ${from ?? 'still'} → ${to ?? 'still'}`,
    ),
    ...(moving > deadlines.length ? [`    and ${moving - deadlines.length} more`] : []),
  ];
};

const bring = async (
  api: Api,
  { calendar, dryRun = false }: ImportOptions,
  content: CalendarImport,
): Promise<CalendarImported> => {
  const query = `?calendar=${encodeURIComponent(calendar)}${dryRun ? '&dryRun=true' : ''}`;
  return CalendarImported.parse(await api.command(`/v1/calendars/import${query}`, content));
};

/** `linli calendar import`: all files are read before the first is sent. With --json one object a line, one for each. */
export const importCalendars = async (
  files: readonly string[],
  options: ImportOptions,
  terminal: Terminal,
): Promise<ExitCode> => {
  const contents = await Promise.all(files.map(calendarIn));
  const api = new Api(options.url, options.key);
  for (const [n, content] of contents.entries()) {
    const file = files[n] ?? '';
    terminal.progress(`${n + 1} of ${files.length}: ${file}`);
    const imported = await bring(api, options, content).finally(() => terminal.progress(null));
    if (options.json) terminal.out(JSON.stringify({ file, ...imported }));
    else linesOf(file, imported).forEach((line) => terminal.out(line));
  }
  return exitCode.ok;
};

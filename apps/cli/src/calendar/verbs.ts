import type { Command } from 'commander';
import type { Connection } from '../commands/connection.js';
import type { Finish } from '../exit-code.js';
import { connected, examples } from '../options.js';
import type { Terminal } from '../terminal.js';
import { importCalendars, type ImportOptions } from './import.js';
import { showCalendars, showDays } from './show.js';

const calendarOption = (command: Command): Command =>
  command.option('--calendar <name>', 'default, or the unit that has its own', 'default');

/** The verbs of working calendars. */
export const addCalendar = (program: Command, terminal: Terminal, finish: Finish): void => {
  const calendar = program.command('calendar').description('Working calendars: holidays and office hours.');
  calendarOption(connected(calendar.command('import').argument('<file...>')))
    .option('--dry-run', 'say which days and deadlines would change, change nothing')
    .description(
      'Import years in the form of holiday-cn ({"year","papers","days"}), or office hours ({"hours":{"windows",' +
        '"seasons","always","source"}}). What is imported replaces that year, those hours.',
    )
    .addHelpText(
      'after',
      examples(
        'linli calendar import 2027.json --dry-run --key KEY',
        'linli calendar import street-hours.json --calendar street-330106003 --key KEY',
      ),
    )
    .action(async (files: string[], options: ImportOptions) =>
      finish(await importCalendars(files, options, terminal)),
    );
  connected(calendar.command('show').argument('[name]'))
    .description('Show the calendars: version, published years, hours, who imported them.')
    .addHelpText('after', examples('linli calendar show --key KEY', 'linli calendar show default --key KEY'))
    .action(async (name: string | undefined, options: Connection) =>
      finish(await showCalendars(name, options, terminal)),
    );
  calendarOption(connected(calendar.command('days').argument('<from>').argument('<to>')))
    .description('Show days: working or not, why, office hours.')
    .addHelpText('after', examples('linli calendar days 2026-09-20 2026-10-12 --key KEY'))
    .action(async (from: string, to: string, options: Connection & { calendar: string }) =>
      finish(await showDays(from, to, options, terminal)),
    );
};

import { slaBands, SlaState } from '@linli/contracts';
import { Option, type Command } from 'commander';
import type { Connection } from '../commands/connection.js';
import type { Finish } from '../exit-code.js';
import { connected, examples, whole } from '../options.js';
import type { Terminal } from '../terminal.js';
import { showForecast, type ForecastOptions } from './forecast.js';
import { showItems, type ItemOptions } from './items.js';
import { showQueues, type Which } from './queues.js';
import { whatIfCalendar, whatIfPolicy } from './what-if.js';

const narrowed = (command: Command): Command =>
  connected(command)
    .option('--service <name>', 'only this service')
    .option('--clock <name>', 'only this clock')
    .option('--unit <name>', 'only what this unit has to keep')
    .option('--area <code>', 'only this area: a division code, or the beginning of one')
    .option('--exercise', 'only exercises; queues and forecasts count none without it');

const addItems = (sla: Command, terminal: Terminal, finish: Finish): void => {
  narrowed(sla.command('items'))
    .addOption(new Option('--state <state>', 'only in this state').choices(SlaState.options))
    .addOption(new Option('--band <band>', 'only with so much left').choices(slaBands))
    .option('--suspended', 'only what stands still')
    .option('--no-suspended', 'only what runs')
    .option('--provisional', 'only what reaches into a year without a calendar')
    .option('--limit <n>', 'at most so many, up to 200', whole)
    .option('--cursor <cursor>', 'go on where a page ended')
    .description('List open deadlines, the first due first.')
    .addHelpText(
      'after',
      examples(
        'linli sla items --band overdue --key KEY',
        'linli sla items --unit street-9 --json --key KEY',
      ),
    )
    .action(async (options: ItemOptions) => finish(await showItems(options, terminal)));
};

const addForecast = (sla: Command, terminal: Terminal, finish: Finish): void => {
  narrowed(sla.command('forecast'))
    .option('--hours <n>', 'working hours ahead (default 8)', whole)
    .option('--lookback-hours <n>', 'working hours back over which throughput is counted (default 70)', whole)
    .description('What will be late in the working hours to come, at the present throughput.')
    .addHelpText('after', examples('linli sla forecast --key KEY', 'linli sla forecast --hours 40 --key KEY'))
    .action(async (options: ForecastOptions) => finish(await showForecast(options, terminal)));
};

const addWhatIf = (sla: Command, terminal: Terminal, finish: Finish): void => {
  const whatIf = sla.command('what-if').description('Which deadlines a change would move. Changes nothing.');
  connected(whatIf.command('policy').argument('<clock>').argument('<budget>'))
    .option('--unit <name>', 'only for this unit')
    .description('Another budget for a clock: "5 working days", "30 minutes", "15 calendar days".')
    .addHelpText('after', examples('linli sla what-if policy plan "2 working days" --key KEY'))
    .action(async (clock: string, budget: string, options: Connection & { unit?: string }) =>
      finish(await whatIfPolicy(clock, budget, options, terminal)),
    );
  connected(whatIf.command('calendar').argument('<file>'))
    .option('--calendar <name>', 'default, or the unit that has its own', 'default')
    .description('A year of holidays or office hours, as for linli calendar import.')
    .addHelpText('after', examples('linli sla what-if calendar 2027.json --key KEY'))
    .action(async (file: string, options: Connection & { calendar: string }) =>
      finish(await whatIfCalendar(file, options, terminal)),
    );
};

/** The verbs of who watches deadlines. */
export const addSla = (program: Command, terminal: Terminal, finish: Finish): void => {
  const sla = program.command('sla').description('Deadlines: what is late, what will be, what would move.');
  narrowed(sla.command('queues'))
    .description('Open deadlines by clock and unit, and by how much of their time is left.')
    .addHelpText('after', examples('linli sla queues --key KEY', 'linli sla queues --clock ack --key KEY'))
    .action(async (options: Connection & Which) => finish(await showQueues(options, terminal)));
  addItems(sla, terminal, finish);
  addForecast(sla, terminal, finish);
  addWhatIf(sla, terminal, finish);
};

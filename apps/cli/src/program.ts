import { Command, CommanderError } from 'commander';
import { addCalendar } from './calendar/verbs.js';
import { demo, type DemoCommandOptions } from './commands/demo.js';
import type { Connection } from './commands/connection.js';
import { postFile } from './commands/events-post.js';
import { recomputeScores, type RecomputeOptions } from './commands/recompute.js';
import { start } from './commands/start.js';
import { Declined, NotReachable } from './client/faults.js';
import { exitCode, UsageMistake, type ExitCode, type Finish } from './exit-code.js';
import { addDoctor } from './doctor/verb.js';
import type { Examine } from './doctor/finding.js';
import { addOps } from './ops/verbs.js';
import { connected, EXIT_CODES, examples, jsonOption, portOption, urlOption } from './options.js';
import type { Recompute } from './recompute/recompute.js';
import { addSla } from './sla/verbs.js';
import type { StartSystem } from './system.js';
import type { Terminal } from './terminal.js';

/** What the verbs stand on; replaced in tests. */
export interface Parts {
  readonly terminal: Terminal;
  readonly startSystem: StartSystem;
  readonly recompute: Recompute;
  readonly examine: Examine;
}

const addSystem = (program: Command, { terminal, startSystem }: Parts, finish: Finish): void => {
  program
    .command('start')
    .description('Run the system: embedded, or on what KAFKA_BROKERS, DATABASE_URL and REDIS_URL name.')
    .addOption(portOption())
    .option('--data-dir <dir>', 'where the embedded database and the secrets live')
    .addHelpText('after', examples('linli start', 'linli start --port 9000 --data-dir /srv/linli'))
    .action((options: { port?: number; dataDir?: string }) => start(options));
  program
    .command('demo')
    .description('Replay half a year of real casework on a system of its own, and look at the warnings.')
    .option('--exit', 'end after the story; the last line is one JSON object')
    .addOption(portOption())
    .addOption(urlOption())
    .option('--key <key>', 'API key that may make keys and load areas; with --url')
    .addHelpText(
      'after',
      examples('linli demo', 'linli demo --exit', 'linli demo --url http://host:8080 --key KEY'),
    )
    .action(async (options: DemoCommandOptions) => finish(await demo(startSystem, options, terminal)));
};

const addEvents = (program: Command, { terminal }: Parts, finish: Finish): void => {
  const events = program.command('events').description('Risk events.');
  connected(events.command('post'))
    .argument('<file>', 'NDJSON, one event a line; - is the standard input')
    .description('Post a file in batches. To resume after a break, send it again: duplicates change nothing.')
    .addHelpText(
      'after',
      examples('linli events post events.ndjson --key KEY', 'zcat e.gz | linli events post - --key KEY'),
    )
    .action(async (file: string, options: Connection) => finish(await postFile(file, options, terminal)));
};

const addRisk = (program: Command, { terminal, recompute }: Parts, finish: Finish): void => {
  program
    .command('risk')
    .description('Scores.')
    .command('recompute')
    .description(
      'Compute scores again from the stored events and compare (DATABASE_URL, or the embedded database).',
    )
    .option('--warning <id>', 'only this warning')
    .option('--all', 'every warning')
    .option('--tenant <tenant>', 'only this tenant')
    .addOption(jsonOption())
    .addHelpText('after', examples('linli risk recompute --all', 'linli risk recompute --warning ID --json'))
    .action(async (options: RecomputeOptions) => finish(await recomputeScores(recompute, options, terminal)));
};

/** Applied to every verb before any is made: sub-commands inherit it. */
const quietly = ({ terminal }: Parts): Command =>
  new Command('linli')
    .description('Linli: risk events in, three-colour warnings out, every one explained.')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.out(text.trimEnd()),
      writeErr: (text) => terminal.err(text.trimEnd()),
    });

const codeOf = (error: unknown, terminal: Terminal): ExitCode => {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.ok : exitCode.usage;
  terminal.err(`linli: ${error instanceof Error ? error.message : String(error)}`);
  if (error instanceof UsageMistake) return exitCode.usage;
  if (error instanceof NotReachable) return exitCode.unreachable;
  return error instanceof Declined && error.status === 503 ? exitCode.unreachable : exitCode.problems;
};

/** Runs a verb; null while `linli start` runs on. */
export const runProgram = async (argv: readonly string[], parts: Parts): Promise<ExitCode | null> => {
  const program = quietly(parts);
  let code: ExitCode | null = null;
  const finish: Finish = (result) => (code = result);
  addSystem(program, parts, finish);
  addEvents(program, parts, finish);
  addRisk(program, parts, finish);
  addCalendar(program, parts.terminal, finish);
  addSla(program, parts.terminal, finish);
  addOps(program, parts.terminal, finish);
  addDoctor(program, parts, finish);
  program.addHelpText('after', EXIT_CODES);
  try {
    await program.parseAsync(argv, { from: 'user' });
    return code;
  } catch (error) {
    return codeOf(error, parts.terminal);
  }
};

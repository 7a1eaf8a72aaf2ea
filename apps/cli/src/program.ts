import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { demo, type DemoCommandOptions } from './commands/demo.js';
import type { Connection } from './commands/connection.js';
import { postFile } from './commands/events-post.js';
import { recomputeScores, type RecomputeOptions } from './commands/recompute.js';
import { start } from './commands/start.js';
import { showStatus } from './commands/status.js';
import { Declined, NotReachable } from './client/faults.js';
import { exitCode, UsageMistake, type ExitCode } from './exit-code.js';
import type { Recompute } from './recompute/recompute.js';
import type { StartSystem } from './system.js';
import type { Terminal } from './terminal.js';

/** What the verbs stand on; replaced in tests. */
export interface Parts {
  readonly terminal: Terminal;
  readonly startSystem: StartSystem;
  readonly recompute: Recompute;
}

const EXIT_CODES = `
Exit codes: 0 ok · 1 found problems · 2 wrong usage · 3 system not reachable`;

const portNumber = (text: string): number => {
  const port = Number(text);
  if (!/^[0-9]{1,5}$/u.test(text) || port > 65_535) throw new InvalidArgumentError('must be 0 to 65535.');
  return port;
};

const address = (text: string): string => {
  if (!/^https?:\/\//u.test(text) || !URL.canParse(text))
    throw new InvalidArgumentError('must be like http://host:port.');
  return text;
};

const portOption = (): Option =>
  new Option('--port <port>', 'port of the public API').env('LINLI_PORT').argParser(portNumber);
const urlOption = (): Option => new Option('--url <url>', 'base URL of the system').argParser(address);
const keyOption = (): Option => new Option('--key <key>', 'API key').env('LINLI_API_KEY');
const jsonOption = (): Option => new Option('--json', 'print JSON');
const examples = (...lines: string[]): string =>
  `\nExamples:\n${lines.map((line) => `  ${line}`).join('\n')}${EXIT_CODES}`;

const connected = (command: Command): Command =>
  command
    .addOption(urlOption().default(`http://localhost:${process.env['LINLI_PORT'] ?? 8080}`))
    .addOption(keyOption().makeOptionMandatory())
    .addOption(jsonOption());

type Finish = (code: ExitCode) => void;

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
  connected(program.command('status'))
    .description('Is the system ready, and what does it hold.')
    .addHelpText(
      'after',
      examples('linli status --key KEY', 'linli status --url http://host:8080 --key KEY --json'),
    )
    .action(async (options: Connection) => finish(await showStatus(options, terminal)));
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
  program.addHelpText('after', EXIT_CODES);
  try {
    await program.parseAsync(argv, { from: 'user' });
    return code;
  } catch (error) {
    return codeOf(error, parts.terminal);
  }
};

import type { Command } from 'commander';
import type { Connection } from '../commands/connection.js';
import { showStatus, type StatusOptions } from '../commands/status.js';
import type { Finish } from '../exit-code.js';
import { connected, examples, whole } from '../options.js';
import type { Terminal } from '../terminal.js';
import { verifyAudit } from './audit.js';
import {
  discardLetter,
  listLetters,
  replayLetters,
  showLetter,
  type LetterFilter,
  type ReplayOptions,
} from './dlq.js';
import { discardFirst, listKeys, releaseKey, showKey } from './keys.js';
import type { MendOptions } from './mend.js';
import { showOutcome } from './outcome.js';
import { listPartitions, resumePartition, type ResumeOptions } from './partitions.js';
import { listQuarantine, replayQuarantine, type QuarantineOptions } from './quarantine.js';

type Service = { readonly service?: string };
type Verbs = Readonly<{ program: Command; terminal: Terminal; finish: Finish }>;

const serviceOption = (command: Command): Command => command.option('--service <name>', 'only this service');

/** A verb that changes something: with a reason, for the audit. */
const mending = (command: Command): Command =>
  connected(command)
    .requiredOption('--reason <text>', 'why; kept in the audit journal')
    .option('--dry-run', 'say what would happen, change nothing');

const collect = (pair: string, pairs: readonly string[] = []): string[] => [...pairs, pair];

const addStatus = ({ program, terminal, finish }: Verbs): void => {
  connected(program.command('status'))
    .option('--watch', 'look again every two seconds')
    .description('Is the system ready, what does it hold, what is late or stuck.')
    .addHelpText(
      'after',
      examples('linli status --key KEY', 'linli status --watch --key KEY', 'linli status --key KEY --json'),
    )
    .action(async (options: StatusOptions) => finish(await showStatus(options, terminal)));
};

const addLetters = ({ program, terminal, finish }: Verbs): void => {
  const dlq = program.command('dlq').description('Dead letters: messages that could not be handled.');
  serviceOption(connected(dlq.command('list')))
    .option('--topic <topic>', 'only of this topic')
    .option('--state <state>', 'open, replayed or discarded', 'open')
    .option('--error <text>', 'only where the error contains this')
    .option('--limit <n>', 'at most so many', whole, 50)
    .description('List them, oldest first.')
    .addHelpText(
      'after',
      examples('linli dlq list --key KEY', 'linli dlq list --state replayed --json --key KEY'),
    )
    .action(async (options: Connection & LetterFilter) => finish(await listLetters(options, terminal)));
  connected(dlq.command('show').argument('<id>'))
    .option('--raw', 'write the content as it came, and nothing else')
    .description('Show one: where from, error, headers, content.')
    .addHelpText('after', examples('linli dlq show risk.UUID --key KEY'))
    .action(async (id: string, options: Connection & { raw?: boolean }) =>
      finish(await showLetter(id, options, terminal)),
    );
  serviceOption(mending(dlq.command('replay').argument('[id...]')))
    .option('--all', 'every open one that fits --service, --topic and --error')
    .option('--topic <topic>', 'with --all: only of this topic')
    .option('--error <text>', 'with --all: only where the error contains this')
    .option('--limit <n>', 'with --all: at most so many', whole)
    .description('Do them again. Each keeps its id: twice does nothing.')
    .addHelpText(
      'after',
      examples(
        'linli dlq replay risk.UUID --reason "column widened" --key KEY',
        'linli dlq replay --all --service risk --error no_such_area --reason "areas loaded" --dry-run --key KEY',
      ),
    )
    .action(async (ids: string[], options: ReplayOptions) =>
      finish(await replayLetters(ids, options, terminal)),
    );
  mending(dlq.command('discard').argument('<id>'))
    .description('Decide that one will not be done; the row stays for 35 days, the audit for ever.')
    .addHelpText('after', examples('linli dlq discard risk.UUID --reason "test data" --key KEY'))
    .action(async (id: string, options: MendOptions) => finish(await discardLetter(id, options, terminal)));
};

const addKeys = ({ program, terminal, finish }: Verbs): void => {
  const keys = program.command('keys').description('Parked keys: aggregates whose commands wait in order.');
  serviceOption(connected(keys.command('list')))
    .description('List them, longest parked first.')
    .addHelpText('after', examples('linli keys list --key KEY'))
    .action(async (options: Connection & Service) => finish(await listKeys(options, terminal)));
  connected(keys.command('show').argument('<id>'))
    .description('Show why one is parked, and what waits behind it.')
    .addHelpText('after', examples('linli keys show risk.UUID --key KEY'))
    .action(async (id: string, options: Connection) => finish(await showKey(id, options, terminal)));
  mending(keys.command('release').argument('<id>'))
    .description('Do what waits, in order; stops at the first that fails again.')
    .addHelpText('after', examples('linli keys release risk.UUID --reason "fixed in 1.4.2" --key KEY'))
    .action(async (id: string, options: MendOptions) => finish(await releaseKey(id, options, terminal)));
  mending(keys.command('discard-first').argument('<id>'))
    .description('Refuse the command that blocks the key; the rest goes on.')
    .addHelpText('after', examples('linli keys discard-first risk.UUID --reason "cannot be done" --key KEY'))
    .action(async (id: string, options: MendOptions) => finish(await discardFirst(id, options, terminal)));
};

const addPartitions = ({ program, terminal, finish }: Verbs): void => {
  const partitions = program.command('partitions').description('Partitions of the log.');
  serviceOption(connected(partitions.command('list')))
    .option('--all', 'also those where all is well')
    .description('List those that are behind, rest or are halted.')
    .addHelpText('after', examples('linli partitions list --all --key KEY'))
    .action(async (options: Connection & Service & { all?: boolean }) =>
      finish(await listPartitions(options, terminal)),
    );
  serviceOption(mending(partitions.command('resume').argument('<topic/partition>')))
    .option('--position <offset>', 'go on from here: what lies before is passed over', whole)
    .description('Let a halted one look again, or go on from a position.')
    .addHelpText(
      'after',
      examples(
        'linli partitions resume linli.risk.commands.v1/3 --reason "release updated" --key KEY',
        'linli partitions resume linli.risk.commands.v1/3 --position 1200 --reason "expired, see INC-7" --key KEY',
      ),
    )
    .action(async (place: string, options: ResumeOptions) =>
      finish(await resumePartition(place, options, terminal)),
    );
};

const addQuarantine = ({ program, terminal, finish }: Verbs): void => {
  const quarantine = program.command('quarantine').description('Events whose category or area is not known.');
  connected(quarantine.command('list'))
    .description('What is unknown, most frequent first.')
    .addHelpText('after', examples('linli quarantine list --key KEY'))
    .action(async (options: Connection) => finish(await listQuarantine(options, terminal)));
  connected(quarantine.command('replay'))
    .option('--category <unknown=known>', 'map a category; again for more', collect)
    .option('--area <unknown=known>', 'map an area; again for more', collect)
    .option('--source <source>', 'only events of this source')
    .description('Take in what is known now; mappings are remembered.')
    .addHelpText('after', examples('linli quarantine replay --category NOISE=ENV-01 --key KEY'))
    .action(async (options: QuarantineOptions) => finish(await replayQuarantine(options, terminal)));
};

const addProofs = ({ program, terminal, finish }: Verbs): void => {
  connected(program.command('outcome').argument('<command id>'))
    .description('What became of a command.')
    .addHelpText('after', examples('linli outcome UUID --key KEY'))
    .action(async (id: string, options: Connection) => finish(await showOutcome(id, options, terminal)));
  serviceOption(connected(program.command('audit').description('The journal.').command('verify')))
    .description('Walk every hash chain of every journal; names the first row that is wrong.')
    .addHelpText('after', examples('linli audit verify --key KEY'))
    .action(async (options: Connection & Service) => finish(await verifyAudit(options, terminal)));
};

/** The verbs of operators. */
export const addOps = (program: Command, terminal: Terminal, finish: Finish): void => {
  const verbs = { program, terminal, finish };
  for (const add of [addStatus, addLetters, addKeys, addPartitions, addQuarantine, addProofs]) add(verbs);
};

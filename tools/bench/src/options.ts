import { Command, InvalidArgumentError } from 'commander';

/** The rows, by what `--only` calls them. */
export const rowNames = {
  a: 'accepted at the gateway, durable',
  b: 'end to end, accepted to scored and stored, with and without warnings rising',
  c: 'bare kafkajs producer',
  d: "Kafka's ProducerPerformance",
  e: 'COPY of the same rows into the same table',
  f: 'the same written as the Nest documentation shows it',
  g: 'single commands: ours, and a plain Nest controller with a TypeORM transaction',
  embedded: '(a) and (b) embedded; first start to ready; idle CPU; memory',
  visible: 'POST to warning visible through the stream, at half load',
  million: '(b) again with 1,000,000 events stored',
  d1: 'arming deadlines by the ledger, with 1,000,000 armed',
  d2: 'a sweep at rest, with 1,000,000 armed',
  d3: '50,000 deadlines due together, until taken and sent',
  d4: 'explanation of a deadline, of 1,000,000',
} as const;
export type RowName = keyof typeof rowNames;

export interface BenchOptions {
  readonly only: ReadonlySet<RowName>;
  readonly rounds: number;
  readonly warmUpMs: number;
  readonly measureMs: number;
  readonly json: string | null;
  readonly profile: string | null;
  readonly explain: boolean;
  /** Events stored for `million`. */
  readonly stored: number;
  /** Deadlines armed for `d1` to `d4`; a twentieth of them falls due together. */
  readonly armed: number;
}

const isRow = (name: string): name is RowName => Object.hasOwn(rowNames, name);

const rowsIn = (text: string): RowName[] =>
  text.split(',').map((name) => {
    if (!isRow(name)) throw new InvalidArgumentError(`rows are ${Object.keys(rowNames).join(', ')}`);
    return name;
  });

const positive = (text: string): number => {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError('must be more than 0');
  return value;
};

const said = Object.entries(rowNames)
  .map(([name, what]) => `  ${name.padEnd(9)} ${what}`)
  .join('\n');

interface Given {
  readonly only?: RowName[];
  readonly quick?: boolean;
  readonly rounds?: number;
  readonly seconds?: number;
  readonly warmUp?: number;
  readonly json?: string;
  readonly profile?: string;
  readonly explain?: boolean;
  readonly stored: number;
  readonly armed: number;
}

/** What the command line asks for; `--quick` is two short rounds, to see whether everything still runs. */
export const readOptions = (args: readonly string[]): BenchOptions => {
  const program = new Command('bench')
    .description('Measures the speed of the system beside what else one could use.')
    .option('--only <rows>', 'only these rows, with commas', rowsIn)
    .option('--quick', 'two short rounds')
    .option('--rounds <n>', 'rounds of each row (5)', positive)
    .option('--seconds <s>', 'length of a round (6)', positive)
    .option('--warm-up <s>', 'what each round runs before it is measured (3)', positive)
    .option('--stored <n>', 'events stored for the row "million"', positive, 1_000_000)
    .option('--armed <n>', 'deadlines armed for the rows d1 to d4', positive, 1_000_000)
    .option('--json <file>', 'writes every sample and the summary')
    .option('--profile <folder>', 'CPU profiles of gateway and risk service, and their hottest functions')
    .option('--explain', 'the statements of the risk service, their time and number in a chunk')
    .addHelpText('after', `\nRows:\n${said}`);
  const given = program.parse([...args], { from: 'user' }).opts<Given>();
  const quick = given.quick ?? false;
  return {
    only: new Set(given.only ?? (Object.keys(rowNames) as RowName[])),
    rounds: given.rounds ?? (quick ? 2 : 5),
    warmUpMs: (given.warmUp ?? (quick ? 1 : 3)) * 1000,
    measureMs: (given.seconds ?? (quick ? 2 : 6)) * 1000,
    json: given.json ?? null,
    profile: given.profile ?? null,
    explain: given.explain ?? false,
    stored: given.stored,
    armed: given.armed,
  };
};

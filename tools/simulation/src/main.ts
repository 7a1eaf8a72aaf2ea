import { parseArgs } from 'node:util';
import { runSeeds } from './crew.js';
import { reportLines, totalLines } from './print.js';
import { run } from './run.js';

const PROGRESS_EVERY = 1_000;

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1000' },
    from: { type: 'string', default: '1' },
    seed: { type: 'string' },
    trace: { type: 'boolean', default: false },
    first: { type: 'boolean', default: false },
  },
});

const numberOf = (text: string): number => {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new Error(`${text} is not a number of seeds`);
};

const print = (lines: readonly string[]): void => {
  process.stdout.write(`${lines.join('\n')}\n`);
};

const one = async (seed: number): Promise<boolean> => {
  const report = await run(seed, values.trace);
  print(reportLines(report));
  return report.violations.length === 0;
};

const many = async (): Promise<boolean> => {
  const totals = await runSeeds({
    from: numberOf(values.from),
    seeds: numberOf(values.seeds),
    firstOnly: values.first,
    onReport: ({ seeds, failing }) => {
      if (seeds % PROGRESS_EVERY === 0) print([`${seeds} seeds, ${failing.length} failing`]);
    },
  });
  print(totalLines(totals));
  return totals.failing.length === 0;
};

const fine = values.seed === undefined ? await many() : await one(numberOf(values.seed));
process.exitCode = fine ? 0 : 1;

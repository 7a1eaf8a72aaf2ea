import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Broken } from './broken.js';
import { page } from './record/page.js';
import { addResult, readResults, type Result, type Verdict } from './record/results.js';
import { scaled, type Suite } from './suite.js';
import { suites } from './suites/all.js';
import { Void } from './void.js';

const at = (path: string): string =>
  fileURLToPath(new URL(`../../../docs/generated/${path}`, import.meta.url));
const FILE = at('promises.json');

const usage = `npm run proof -- [--only T1,T3] [--scale 0.01] [--seed N]
  --only   these suites: ${suites.map(({ id }) => id).join(', ')}
  --scale  share of the long form, at least one of each fault (default 1: hours)
  --seed   of the choices that load and faults make (default: the time)
`;

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    scale: { type: 'string', default: '1' },
    seed: { type: 'string', default: String(Math.floor(Date.now() / 1000)) },
    help: { type: 'boolean', default: false },
  },
});

const verdictOf = (error: unknown): Verdict => {
  const all = [error, (error as { cause?: unknown }).cause];
  if (all.some((one) => one instanceof Broken)) return 'broken';
  return all.some((one) => one instanceof Void) ? 'void' : 'failed';
};

type Ending = Pick<Result, 'verdict' | 'counts'> & { readonly detail?: string };

const ended = async (suite: Suite, seed: number, scale: number): Promise<Ending> => {
  try {
    return { verdict: 'held', counts: await suite.run({ seed, shape: scaled(suite, scale) }) };
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return { verdict: verdictOf(error), counts: {}, detail };
  }
};

const runOne = async (suite: Suite, seed: number, scale: number): Promise<Result> => {
  process.stdout.write(`${suite.id}  ${suite.attack} (seed ${seed})\n`);
  const began = performance.now();
  const date = `${new Date().toISOString().slice(0, 19)}Z`;
  const ending = await ended(suite, seed, scale);
  const seconds = Math.round((performance.now() - began) / 1000);
  const result = { suite: suite.id, date, seed, scale, seconds, ...ending };
  process.stdout.write(
    `    ${result.verdict} after ${seconds} s  ${ending.detail ?? JSON.stringify(ending.counts)}\n`,
  );
  return result;
};

const chosen = (only: string | undefined): readonly Suite[] => {
  if (only === undefined) return suites;
  const ids = only.split(',');
  const unknown = ids.filter((id) => !suites.some((suite) => suite.id === id));
  if (unknown.length > 0) throw new Error(`unknown: ${unknown.join(', ')}\n${usage}`);
  return suites.filter(({ id }) => ids.includes(id));
};

const main = async (): Promise<number> => {
  const [scale, seed] = [Number(values.scale), Number(values.seed)];
  if (values.help || !(scale > 0) || !Number.isSafeInteger(seed)) {
    process.stdout.write(usage);
    return values.help ? 0 : 2;
  }
  const verdicts: Verdict[] = [];
  for (const suite of chosen(values.only)) {
    const result = await runOne(suite, seed, scale);
    addResult(FILE, result);
    writeFileSync(at('promises.md'), page(suites, readResults(FILE)));
    verdicts.push(result.verdict);
  }
  return verdicts.every((verdict) => verdict === 'held') ? 0 : 1;
};

try {
  // All is written: what a killed or frozen part of a suite left open must not hold up the night.
  process.exit(await main());
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 2;
}

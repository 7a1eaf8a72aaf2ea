import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { caughtBy, nameOf, type Caught } from './check.js';
import type { Check, Mutant } from './mutant.js';
import { mutants } from './mutants.js';
import { page, type Verdict } from './report.js';
import { Workshop } from './workshop.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const { values } = parseArgs({ options: { only: { type: 'string' }, 'no-baseline': { type: 'boolean' } } });

const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const chosen = (): readonly Mutant[] => {
  if (values.only === undefined) return mutants;
  const names = values.only.split(',');
  const unknown = names.filter((name) => !mutants.some((mutant) => mutant.name === name));
  if (unknown.length > 0) throw new Error(`no such mutant: ${unknown.join(', ')}`);
  return mutants.filter(({ name }) => names.includes(name));
};

/** A check that is red by itself would catch everything. */
const redBefore = async (folder: string, all: readonly Mutant[]): Promise<string[]> => {
  const checks = new Map<string, Check>(
    all.flatMap((mutant) => mutant.checks.map((check) => [nameOf(check), check] as const)),
  );
  const red: string[] = [];
  for (const [name, check] of checks) {
    const caught = await caughtBy(folder, check);
    print(`${caught === null ? 'green' : 'RED'} before: ${name}${caught === null ? '' : ` (${caught})`}`);
    if (caught !== null) red.push(name);
  }
  return red;
};

const firstRed = async (folder: string, checks: readonly Check[]): Promise<Caught> => {
  for (const check of checks) {
    const caught = await caughtBy(folder, check);
    if (caught !== null) return caught;
  }
  return null;
};

const write = (verdicts: readonly Verdict[]): void => {
  const path = `${root}docs/generated/mutants.md`;
  const earlier = existsSync(path) ? readFileSync(path, 'utf8') : '';
  writeFileSync(path, page(mutants, verdicts, earlier));
};

const judge = async (workshop: Workshop, all: readonly Mutant[]): Promise<Verdict[]> => {
  const verdicts: Verdict[] = [];
  for (const mutant of all) {
    const caught = await workshop.without(mutant.patches, () => firstRed(workshop.folder, mutant.checks));
    verdicts.push({ mutant, caught });
    write(verdicts);
    print(`${caught === null ? '✗ survived' : '✓ caught'}  ${mutant.name.padEnd(32)} ${caught ?? ''}`);
  }
  return verdicts;
};

const run = async (): Promise<boolean> => {
  const all = chosen();
  const workshop = await Workshop.open(root);
  try {
    const red = values['no-baseline'] ? [] : await redBefore(workshop.folder, all);
    if (red.length > 0) return false;
    const verdicts = await judge(workshop, all);
    return verdicts.every(({ caught }) => caught !== null);
  } finally {
    workshop.close();
  }
};

process.exitCode = (await run()) ? 0 : 1;

import type { Command } from 'commander';
import { exitCode, type ExitCode, type Finish } from '../exit-code.js';
import { examples, jsonOption, keyOption, standardUrl, urlOption } from '../options.js';
import { paintFor, type Tone } from '../print/palette.js';
import type { Terminal } from '../terminal.js';
import type { Examine, Finding } from './finding.js';

interface DoctorOptions {
  readonly url: string;
  readonly key?: string;
  readonly json?: boolean;
}

const signs: Readonly<Record<Finding['state'], readonly [string, Tone]>> = {
  right: ['✓', 'green'],
  wrong: ['✗', 'red'],
  unreachable: ['✗', 'red'],
  unknown: ['?', 'yellow'],
};

const linesOf = ({ area, state, what, mend }: Finding, terminal: Terminal): string[] => {
  const paint = paintFor(terminal.colour);
  const [sign, tone] = signs[state];
  return [
    `${paint(tone, sign)} ${area.padEnd(9)} ${what}`,
    ...(mend === undefined ? [] : [`${' '.repeat(12)}${state === 'unknown' ? '' : 'mend: '}${mend}`]),
  ];
};

const codeOf = (findings: readonly Finding[]): ExitCode => {
  if (findings.some(({ state }) => state === 'unreachable')) return exitCode.unreachable;
  return findings.some(({ state }) => state === 'wrong') ? exitCode.problems : exitCode.ok;
};

const diagnose = async (
  examine: Examine,
  { url, key, json }: DoctorOptions,
  terminal: Terminal,
): Promise<ExitCode> => {
  const findings: Finding[] = [];
  for await (const finding of examine({ url, key, environment: process.env })) {
    findings.push(finding);
    if (!json) linesOf(finding, terminal).forEach((line) => terminal.out(line));
  }
  const code = codeOf(findings);
  const bad = findings.filter(({ state }) => state === 'wrong' || state === 'unreachable').length;
  if (json) terminal.out(JSON.stringify({ ok: code === exitCode.ok, findings }));
  else
    terminal.out(
      bad === 0 ? 'all is right that can be seen from here' : `${bad} of ${findings.length} are wrong`,
    );
  return code;
};

/** `linli doctor`: what is wrong with what the system stands on, and how to mend it. */
export const addDoctor = (
  program: Command,
  { terminal, examine }: { readonly terminal: Terminal; readonly examine: Examine },
  finish: Finish,
): void => {
  program
    .command('doctor')
    .description('What is wrong with broker, database, Redis, clock, keys, calendars, and how to mend it.')
    .addOption(urlOption().default(standardUrl()))
    .addOption(keyOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples('linli doctor', 'KAFKA_BROKERS=… DATABASE_URL=… REDIS_URL=… linli doctor --key KEY --json'),
    )
    .action(async (options: DoctorOptions) => finish(await diagnose(examine, options, terminal)));
};

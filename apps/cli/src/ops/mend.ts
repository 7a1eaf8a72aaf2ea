import { OpsResult } from '@linli/contracts';
import type { Api } from '../client/api.js';
import type { Connection } from '../commands/connection.js';
import { exitCode, type ExitCode } from '../exit-code.js';
import type { Terminal } from '../terminal.js';

export interface MendOptions extends Connection {
  readonly reason: string;
  readonly dryRun?: boolean;
}

/** What of the options goes to the system. */
export const orderOf = ({ reason, dryRun = false }: MendOptions): { reason: string; dryRun?: true } => ({
  reason,
  ...(dryRun && { dryRun }),
});

export const mend = async (api: Api, path: string, body: object): Promise<OpsResult> =>
  OpsResult.parse(await api.command(path, body));

const sign = { applied: '✓', partly: '~', failed: '✗', nothing: '·' } as const;

export const resultLines = ({ dryRun, effect, detail, target, messages, remaining }: OpsResult): string[] => [
  `${sign[effect]} ${target}: ${dryRun ? 'would be ' : ''}${effect}: ${detail}${remaining > 0 ? ` (${remaining} remaining)` : ''}`,
  ...messages.map(
    ({ id, type, status, code, detail: why }) =>
      `    ${status.padEnd(9)} ${type} ${id}${code === null ? '' : `  ${code}`}${why === null ? '' : `  ${why}`}`,
  ),
];

/** Prints a result; a failure is a problem, nothing to do is none. */
export const showResult = (result: OpsResult, json: boolean | undefined, terminal: Terminal): ExitCode => {
  if (json) terminal.out(JSON.stringify(result));
  else resultLines(result).forEach((line) => terminal.out(line));
  return result.effect === 'failed' ? exitCode.problems : exitCode.ok;
};

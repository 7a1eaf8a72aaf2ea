import { z } from 'zod';
import { exitCode, UsageMistake, type ExitCode } from '../exit-code.js';
import type { Recomputed } from '@linli/risk';
import type { Recompute } from '../recompute/recompute.js';
import type { Terminal } from '../terminal.js';

export interface RecomputeOptions {
  readonly warning?: string;
  readonly all?: boolean;
  readonly tenant?: string;
  readonly json?: boolean;
}

const line = ({ id, tenant, stored, recomputed, equal }: Recomputed): string =>
  `${id}  ${tenant}  stored ${stored.toFixed(1).padStart(5)}  recomputed ${recomputed.toFixed(1).padStart(5)}  ${equal ? 'same' : 'DIFFERS'}`;

const checked = ({ warning, all, tenant }: RecomputeOptions) => {
  if ((warning === undefined) === (all !== true)) throw new UsageMistake('say either --warning ID or --all');
  if (warning !== undefined && !z.uuid().safeParse(warning).success) {
    throw new UsageMistake(`--warning ${warning} is not a warning's id (a UUID)`);
  }
  return { ...(warning === undefined ? {} : { warning }), ...(tenant === undefined ? {} : { tenant }) };
};

/** `linli risk recompute`: stored scores against scores computed again. */
export const recomputeScores = async (
  recompute: Recompute,
  options: RecomputeOptions,
  terminal: Terminal,
): Promise<ExitCode> => {
  const request = checked(options);
  const results = await recompute(request);
  if (results.length === 0 && request.warning !== undefined) {
    terminal.err(`linli: there is no warning ${request.warning}`);
    return exitCode.problems;
  }
  const differing = results.filter(({ equal }) => !equal).length;
  if (options.json) terminal.out(JSON.stringify({ warnings: results.length, differing, results }));
  else {
    for (const result of results) terminal.out(line(result));
    terminal.out(`${results.length} warnings recomputed, ${differing} differ`);
  }
  return differing === 0 ? exitCode.ok : exitCode.problems;
};

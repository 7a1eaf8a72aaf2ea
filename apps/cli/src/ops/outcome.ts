import { Outcome } from '@linli/contracts';
import { Api } from '../client/api.js';
import type { Connection } from '../commands/connection.js';
import { exitCode, type ExitCode } from '../exit-code.js';
import type { Terminal } from '../terminal.js';

/** `linli outcome`: parked is a problem; refused and expired are answers. */
export const showOutcome = async (
  id: string,
  { url, key, json }: Connection,
  terminal: Terminal,
): Promise<ExitCode> => {
  const outcome = await new Api(url, key).get(`/v1/ops/outcomes/${encodeURIComponent(id)}`, Outcome);
  const { status, refusal, resource, tenant, aggregateId, aggregateVersion, completedAt } = outcome;
  if (json) terminal.out(JSON.stringify(outcome));
  else {
    terminal.out(
      `${status} at ${completedAt}, tenant ${tenant}, aggregate ${aggregateId} version ${aggregateVersion ?? '-'}`,
    );
    if (refusal) terminal.out(`${refusal.code}: ${refusal.detail}`);
    if (resource !== null && resource !== undefined) terminal.out(JSON.stringify(resource, null, 2));
  }
  return status === 'parked' ? exitCode.problems : exitCode.ok;
};

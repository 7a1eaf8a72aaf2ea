import { VerifyLine } from '@linli/contracts';
import { Api } from '../client/api.js';
import type { Connection } from '../commands/connection.js';
import { exitCode, type ExitCode } from '../exit-code.js';
import type { Terminal } from '../terminal.js';

const faultLine = (line: VerifyLine): string | null => {
  if ('unreachable' in line) return `✗ ${line.service}: not reachable: ${String(line.unreachable)}`;
  if (!('topic' in line) || line.fault === null) return null;
  return `✗ ${line.service} ${line.topic}/${line.partition}: row ${line.fault.seq} ${line.fault.problem}`;
};

/** `linli audit verify`: a wrong row in any chain is a problem. */
export const verifyAudit = async (
  { url, key, json, service }: Connection & { readonly service?: string },
  terminal: Terminal,
): Promise<ExitCode> => {
  const body = service === undefined ? {} : { service };
  let chains = 0;
  let anchored = 0;
  for await (const line of new Api(url, key).lines('/v1/ops/audit/verify', body, VerifyLine)) {
    if (json) terminal.out(JSON.stringify(line));
    if ('topic' in line || 'unreachable' in line) {
      const fault = faultLine(line);
      if (fault !== null && !json) terminal.out(fault);
      chains += 1;
      if ('topic' in line) anchored += line.anchored ?? 0;
      terminal.progress(`${chains} chains`);
      continue;
    }
    terminal.progress(null);
    const { rows, faults } = line;
    if (!json)
      terminal.out(
        `${line.chains} chains with ${rows} rows verified, ${anchored} rows confirmed by anchors, ${faults} faults`,
      );
    return faults > 0 ? exitCode.problems : exitCode.ok;
  }
  terminal.err('the answer broke off before all chains were verified');
  return exitCode.problems;
};

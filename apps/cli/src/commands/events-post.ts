import { Api } from '../client/api.js';
import type { Refusal } from '../events/batches.js';
import { linesOf, postLines } from '../events/post-file.js';
import { exitCode, type ExitCode } from '../exit-code.js';
import type { Terminal } from '../terminal.js';
import type { Connection } from './connection.js';

const refusalLine = ({ line, id, code, detail, pointer }: Refusal): string =>
  `line ${line}  ${id ?? '-'}  ${code}  ${pointer ?? ''}  ${detail}`;

/** `linli events post`: one line on `out` for each rejected item, the sums at the end. */
export const postFile = async (
  file: string,
  { url, key, json }: Connection,
  terminal: Terminal,
): Promise<ExitCode> => {
  const posted = await postLines(new Api(url, key), await linesOf(file), {
    onRefusal: (refusal) => terminal.out(json ? JSON.stringify(refusal) : refusalLine(refusal)),
    onBatch: ({ lines, accepted, quarantined, rejected }) =>
      terminal.err(`${lines} lines: ${accepted} accepted, ${quarantined} quarantined, ${rejected} rejected`),
  });
  if (json) terminal.out(JSON.stringify(posted));
  else {
    const { lines, accepted, quarantined, rejected } = posted;
    terminal.out(`${lines} events: ${accepted} accepted, ${quarantined} quarantined, ${rejected} rejected`);
  }
  return posted.rejected === 0 ? exitCode.ok : exitCode.problems;
};

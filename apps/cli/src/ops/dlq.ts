import { BulkLine, DeadLetterPage, DeadLetterView, type DeadLetterSummary } from '@linli/contracts';
import { Api } from '../client/api.js';
import type { Connection } from '../commands/connection.js';
import { exitCode, UsageMistake, type ExitCode } from '../exit-code.js';
import type { Terminal } from '../terminal.js';
import { mend, orderOf, resultLines, showResult, type MendOptions } from './mend.js';
import { short, table } from './table.js';

export interface LetterFilter {
  readonly service?: string;
  readonly topic?: string;
  readonly state: string;
  readonly error?: string;
  readonly limit: number;
}

export interface ReplayOptions extends MendOptions, Partial<Omit<LetterFilter, 'state'>> {
  readonly all?: boolean;
}

const PAGE = 200;
const ERROR_SHOWN = 80;

const queryOf = (fields: Readonly<Record<string, string | number | undefined>>): string => {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(fields))
    if (value !== undefined) search.set(name, String(value));
  return search.toString();
};

const placeOf = ({ topic, partition, offset, item }: DeadLetterSummary): string =>
  `${topic}/${partition}@${offset}${item === null ? '' : `#${item}`}`;

const rowOf = (letter: DeadLetterSummary): string[] => [
  ...[letter.id, placeOf(letter), letter.state, letter.at, String(letter.attempts)],
  short(letter.error, ERROR_SHOWN),
];

const letters = async (api: Api, { limit, error, ...filter }: LetterFilter): Promise<DeadLetterSummary[]> => {
  const found: DeadLetterSummary[] = [];
  const { service, topic, state } = filter;
  for (let cursor: string | null = ''; cursor !== null && found.length < limit;) {
    const asked = { service, topic, state, errorContains: error, limit: Math.min(PAGE, limit) };
    const query = queryOf({ ...asked, cursor: cursor || undefined });
    const page: DeadLetterPage = await api.get(`/v1/ops/dead-letters?${query}`, DeadLetterPage);
    found.push(...page.items);
    cursor = page.next;
  }
  return found.slice(0, limit);
};

/** `linli dlq list`: nothing open is ok, something is a problem. */
export const listLetters = async (
  options: Connection & LetterFilter,
  terminal: Terminal,
): Promise<ExitCode> => {
  const found = await letters(new Api(options.url, options.key), options);
  if (options.json) terminal.out(JSON.stringify({ items: found }));
  else if (found.length === 0) terminal.out(`no ${options.state} dead letters`);
  else
    table(['id', 'place', 'state', 'at', 'attempts', 'error'], found.map(rowOf)).forEach((line) =>
      terminal.out(line),
    );
  return options.state === 'open' && found.length > 0 ? exitCode.problems : exitCode.ok;
};

const letterLines = (letter: DeadLetterView): string[] => [
  `id        ${letter.id}`,
  `place     ${placeOf(letter)}`,
  `group     ${letter.group}`,
  `appended  ${letter.appendedAt}`,
  `set aside ${letter.at}`,
  `state     ${letter.state}${letter.endedAt === null ? '' : ` at ${letter.endedAt} by ${letter.endedBy}: ${letter.endedReason}`}`,
  `attempts  ${letter.attempts}`,
  `error     ${letter.error}`,
  ...Object.entries(letter.headers).map(([name, value]) => `header    ${name}: ${value}`),
  ...(letter.decoded === null
    ? [`content   ${letter.raw === null ? 'none' : `not JSON, base64: ${short(letter.raw, 200)}`}`]
    : ['content', JSON.stringify(letter.decoded, null, 2)]),
];

export const showLetter = async (
  id: string,
  { url, key, json, raw }: Connection & { readonly raw?: boolean },
  terminal: Terminal,
): Promise<ExitCode> => {
  const letter = await new Api(url, key).get(
    `/v1/ops/dead-letters/${encodeURIComponent(id)}`,
    DeadLetterView,
  );
  if (raw) terminal.out(Buffer.from(letter.raw ?? '', 'base64').toString('utf8'));
  else if (json) terminal.out(JSON.stringify(letter));
  else letterLines(letter).forEach((line) => terminal.out(line));
  return exitCode.ok;
};

const replayAll = async (api: Api, options: ReplayOptions, terminal: Terminal): Promise<ExitCode> => {
  const { service, topic, error, limit, json } = options;
  if (service === undefined) throw new UsageMistake('--all needs --service');
  const wanted = { service, topic, errorContains: error, limit, ...orderOf(options) };
  let seen = 0;
  for await (const line of api.lines('/v1/ops/dead-letters/replay', wanted, BulkLine)) {
    if (json) terminal.out(JSON.stringify(line));
    if ('done' in line) {
      terminal.progress(null);
      const { applied, failed, nothing, unknown } = line;
      if (!json)
        terminal.out(
          `${applied} ${options.dryRun ? 'would be replayed' : 'replayed'}, ${failed} failed, ${nothing} had nothing to do, ${unknown} on their way`,
        );
      return failed + unknown > 0 ? exitCode.problems : exitCode.ok;
    }
    seen += 1;
    terminal.progress(`${seen} dead letters`);
    if (json) continue;
    if ('problem' in line) terminal.err(`✗ ${line.id}: ${line.problem.code}: ${line.problem.detail}`);
    else if (line.result.effect === 'failed') resultLines(line.result).forEach((text) => terminal.err(text));
  }
  terminal.err('the answer broke off: what was done stays done, run it again');
  return exitCode.problems;
};

export const replayLetters = async (
  ids: readonly string[],
  options: ReplayOptions,
  terminal: Terminal,
): Promise<ExitCode> => {
  const api = new Api(options.url, options.key);
  if (options.all === ids.length > 0) throw new UsageMistake('name dead letters, or say --all');
  if (options.all) return replayAll(api, options, terminal);
  if (ids.length === 0) throw new UsageMistake('name dead letters, or say --all');
  let worst: ExitCode = exitCode.ok;
  for (const id of ids) {
    const result = await mend(api, `/v1/ops/dead-letters/${encodeURIComponent(id)}/replay`, orderOf(options));
    worst = showResult(result, options.json, terminal) || worst;
  }
  return worst;
};

export const discardLetter = async (
  id: string,
  options: MendOptions,
  terminal: Terminal,
): Promise<ExitCode> => {
  const path = `/v1/ops/dead-letters/${encodeURIComponent(id)}/discard`;
  return showResult(
    await mend(new Api(options.url, options.key), path, orderOf(options)),
    options.json,
    terminal,
  );
};

import { ParkedKeyPage, ParkedKeyView, type OpsResult, type ParkedKeySummary } from '@linli/contracts';
import { Api } from '../client/api.js';
import type { Connection } from '../commands/connection.js';
import { exitCode, type ExitCode } from '../exit-code.js';
import type { Terminal } from '../terminal.js';
import { mend, orderOf, showResult, type MendOptions } from './mend.js';
import { short, table } from './table.js';

const REASON_SHOWN = 80;
const head = ['id', 'key', 'topic', 'since', 'waiting', 'attempts', 'reason'];

const rowOf = ({ id, key, topic, since, waiting, attempts, reason }: ParkedKeySummary): string[] => [
  ...[id, key, topic ?? '-', since, String(waiting), String(attempts), short(reason, REASON_SHOWN)],
];

const keysOf = async (api: Api, service: string | undefined): Promise<ParkedKeySummary[]> => {
  const found: ParkedKeySummary[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const search = new URLSearchParams({ limit: '200' });
    if (service !== undefined) search.set('service', service);
    if (cursor !== '') search.set('cursor', cursor);
    const page: ParkedKeyPage = await api.get(`/v1/ops/parked-keys?${search.toString()}`, ParkedKeyPage);
    found.push(...page.items);
    cursor = page.next;
  }
  return found;
};

/** `linli keys list`: a parked key is a problem. */
export const listKeys = async (
  { url, key, json, service }: Connection & { readonly service?: string },
  terminal: Terminal,
): Promise<ExitCode> => {
  const found = await keysOf(new Api(url, key), service);
  if (json) terminal.out(JSON.stringify({ items: found }));
  else if (found.length === 0) terminal.out('no parked keys');
  else table(head, found.map(rowOf)).forEach((line) => terminal.out(line));
  return found.length > 0 ? exitCode.problems : exitCode.ok;
};

const pathOf = (id: string): string => `/v1/ops/parked-keys/${encodeURIComponent(id)}`;

const keyLines = (key: ParkedKeyView): string[] => [
  `id        ${key.id}`,
  `key       ${key.key}`,
  `place     ${key.topic === null ? '-' : `${key.topic}/${key.partition}`}`,
  `since     ${key.since}`,
  `attempts  ${key.attempts}`,
  `reason    ${key.reason}`,
  `waiting   ${key.waiting}, in this order:`,
  ...key.messages.map(
    ({ id, type, appendedAt, body }, n) =>
      `  ${n + 1}. ${type ?? '?'} ${id ?? '?'} of ${appendedAt}  ${short(JSON.stringify((body as { data?: unknown })?.data ?? body), 200)}`,
  ),
];

export const showKey = async (
  id: string,
  { url, key, json }: Connection,
  terminal: Terminal,
): Promise<ExitCode> => {
  const found = await new Api(url, key).get(pathOf(id), ParkedKeyView);
  if (json) terminal.out(JSON.stringify(found));
  else keyLines(found).forEach((line) => terminal.out(line));
  return exitCode.ok;
};

/** One after the other until the key is free or one fails: the system does at most 50 in one go. */
const untilFree = async (
  api: Api,
  path: string,
  options: MendOptions,
  terminal: Terminal,
): Promise<OpsResult> => {
  for (let done = 0; ;) {
    const result = await mend(api, path, orderOf(options));
    done += result.messages.length;
    if (result.effect !== 'partly' || result.dryRun) {
      terminal.progress(null);
      return result;
    }
    terminal.progress(`${done} done, ${result.remaining} wait`);
  }
};

export const releaseKey = async (id: string, options: MendOptions, terminal: Terminal): Promise<ExitCode> =>
  showResult(
    await untilFree(new Api(options.url, options.key), `${pathOf(id)}/release`, options, terminal),
    options.json,
    terminal,
  );

export const discardFirst = async (
  id: string,
  options: MendOptions,
  terminal: Terminal,
): Promise<ExitCode> => {
  const path = `${pathOf(id)}/discard-first`;
  return showResult(
    await mend(new Api(options.url, options.key), path, orderOf(options)),
    options.json,
    terminal,
  );
};

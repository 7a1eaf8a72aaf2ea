import { QuarantinePage, ReplayResult } from '@linli/contracts';
import { Api } from '../client/api.js';
import type { Connection } from '../commands/connection.js';
import { exitCode, UsageMistake, type ExitCode } from '../exit-code.js';
import type { Terminal } from '../terminal.js';
import { table } from './table.js';

export interface QuarantineOptions extends Connection {
  readonly category?: readonly string[];
  readonly area?: readonly string[];
  readonly source?: string;
}

/** `linli quarantine list`: an event in quarantine is a problem. */
export const listQuarantine = async (
  { url, key, json }: Connection,
  terminal: Terminal,
): Promise<ExitCode> => {
  const page = await new Api(url, key).get('/v1/risk-events/quarantine?limit=100', QuarantinePage);
  if (json) terminal.out(JSON.stringify(page));
  else {
    terminal.out(`${page.total} events in quarantine`);
    const rows = page.unknown.map(({ field, value, events }) => [field, value, String(events)]);
    if (rows.length > 0) table(['unknown', 'value', 'events'], rows).forEach((line) => terminal.out(line));
  }
  return page.total > 0 ? exitCode.problems : exitCode.ok;
};

const mappings = (pairs: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.lastIndexOf('=');
      if (at < 1 || at === pair.length - 1) throw new UsageMistake(`${pair} is not unknown=known`);
      return [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );

/** `linli quarantine replay`: as often as something is taken in, for the system takes at most so many in one go. */
export const replayQuarantine = async (
  { url, key, json, category = [], area = [], source }: QuarantineOptions,
  terminal: Terminal,
): Promise<ExitCode> => {
  const api = new Api(url, key);
  const body = {
    ...(category.length > 0 && { categories: mappings(category) }),
    ...(area.length > 0 && { areas: mappings(area) }),
    ...(source !== undefined && { source }),
  };
  const sums = { replayed: 0, remaining: 0 };
  for (let more = true; more;) {
    const done = ReplayResult.parse(await api.command('/v1/risk-events/quarantine/replay', body));
    sums.replayed += done.replayed;
    sums.remaining = done.remaining;
    more = done.replayed > 0 && done.remaining > 0;
    terminal.progress(`${sums.replayed} taken in, ${sums.remaining} remain`);
  }
  terminal.progress(null);
  if (json) terminal.out(JSON.stringify(sums));
  else terminal.out(`${sums.replayed} taken in, ${sums.remaining} remain`);
  return sums.remaining > 0 ? exitCode.problems : exitCode.ok;
};

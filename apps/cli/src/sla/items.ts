import { SlaItemPage, type SlaItem } from '@linli/contracts';
import { Api } from '../client/api.js';
import type { Connection } from '../commands/connection.js';
import { exitCode, type ExitCode } from '../exit-code.js';
import { table } from '../ops/table.js';
import type { Terminal } from '../terminal.js';
import { whichOf, type Which } from './queues.js';
import { fromNow, leftOf, missingLine, query } from './said.js';

export interface ItemOptions extends Connection, Which {
  readonly state?: string;
  readonly band?: string;
  readonly suspended?: boolean;
  readonly provisional?: boolean;
  readonly limit?: number;
  readonly cursor?: string;
}

const head = ['due', 'left', 'clock', 'unit', 'area', 'state', 'of', 'deadline'];

const stateOf = ({ state, exercise, suspended, provisional }: SlaItem): string =>
  [
    state,
    ...(exercise ? ['exercise'] : []),
    ...(suspended ? [`still: ${suspended.reason}`] : []),
    ...(provisional ? ['provisional'] : []),
  ].join(', ');

const rowOf = (item: SlaItem, now: string): string[] => [
  ...[fromNow(item.due, now), leftOf(item), item.clock, item.unit ?? '-', item.area ?? '-'],
  ...[stateOf(item), item.aggregateId, item.id],
];

/** `linli sla items`: a list; only a service that does not answer is a problem. */
export const showItems = async (
  { url, key, json, state, band, suspended, provisional, limit, cursor, ...which }: ItemOptions,
  terminal: Terminal,
): Promise<ExitCode> => {
  const asked = { ...whichOf(which), state, band, suspended, provisional, limit, cursor };
  const page = await new Api(url, key).get(`/v1/sla/items${query(asked)}`, SlaItemPage);
  if (json) terminal.out(JSON.stringify(page));
  else if (page.items.length === 0) terminal.out('no such deadline is open');
  else
    table(
      head,
      page.items.map((one) => rowOf(one, page.at)),
    ).forEach((line) => terminal.out(line));
  if (page.next !== null && !json) terminal.err(`more: --cursor ${page.next}`);
  missingLine(page.unreachable).forEach((line) => terminal.err(line));
  return page.unreachable.length > 0 ? exitCode.problems : exitCode.ok;
};

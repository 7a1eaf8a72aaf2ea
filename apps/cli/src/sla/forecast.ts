import { SlaForecast, type SlaForecastQueue } from '@linli/contracts';
import { Api } from '../client/api.js';
import type { Connection } from '../commands/connection.js';
import { exitCode, type ExitCode } from '../exit-code.js';
import { table } from '../ops/table.js';
import { paintFor } from '../print/palette.js';
import type { Terminal } from '../terminal.js';
import { whichOf, type Which } from './queues.js';
import { fromNow, missingLine, query, some } from './said.js';

export interface ForecastOptions extends Connection, Which {
  readonly hours?: number;
  readonly lookbackHours?: number;
}

const head = [
  ...['clock', 'unit', 'overdue', 'due by then', 'ended', 'an hour', 'at risk', 'first due', 'its turn'],
  ...['deadline', 'service'],
];

const rowOf = (queue: SlaForecastQueue, now: string): string[] => {
  const { overdue, waiting, throughput, atRisk, first } = queue;
  const turn = first && (first.expected === null ? 'never' : fromNow(first.expected, now));
  return [
    ...[queue.clock, queue.unit ?? '-', some(overdue), some(waiting)],
    ...[some(throughput.ended), throughput.perHour.toFixed(2), some(atRisk)],
    ...[first ? fromNow(first.due, now) : '-', turn ?? '-', first?.id ?? '-', queue.service],
  ];
};

const byRisk = (a: SlaForecastQueue, b: SlaForecastQueue): number =>
  b.atRisk - a.atRisk || b.overdue - a.overdue;

const linesOf = ({ at, hours, lookbackHours, items }: SlaForecast, terminal: Terminal): string[] => {
  const paint = paintFor(terminal.colour);
  const sorted = items.toSorted(byRisk);
  const [first = '', ...rows] = table(
    head,
    sorted.map((one) => rowOf(one, at)),
  );
  return [
    `the next ${hours} working hours, at the throughput of the last ${lookbackHours}:`,
    paint('dim', first),
    ...rows.map((row, n) => ((sorted[n]?.atRisk ?? 0) > 0 ? paint('orange', row) : row)),
  ];
};

/** `linli sla forecast`: somebody at risk is a problem. */
export const showForecast = async (
  { url, key, json, hours, lookbackHours, ...which }: ForecastOptions,
  terminal: Terminal,
): Promise<ExitCode> => {
  const asked = { ...whichOf(which), hours, lookbackHours };
  const seen = await new Api(url, key).get(`/v1/sla/forecast${query(asked)}`, SlaForecast);
  if (json) terminal.out(JSON.stringify(seen));
  else if (seen.items.length === 0) terminal.out('no deadline is open');
  else linesOf(seen, terminal).forEach((line) => terminal.out(line));
  missingLine(seen.unreachable).forEach((line) => terminal.err(line));
  const risky = seen.items.some(({ atRisk }) => atRisk > 0);
  return risky || seen.unreachable.length > 0 ? exitCode.problems : exitCode.ok;
};

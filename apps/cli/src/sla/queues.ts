import { slaBands, SlaQueues, type SlaQueue } from '@linli/contracts';
import { Api } from '../client/api.js';
import type { Connection } from '../commands/connection.js';
import { exitCode, type ExitCode } from '../exit-code.js';
import { table } from '../ops/table.js';
import { paintFor } from '../print/palette.js';
import type { Terminal } from '../terminal.js';
import { fromNow, missingLine, query, some } from './said.js';

/** Which deadlines are meant. */
export interface Which {
  readonly service?: string;
  readonly clock?: string;
  readonly unit?: string;
  readonly area?: string;
  readonly exercise?: boolean;
}

export const whichOf = ({ service, clock, unit, area, exercise }: Which) => ({
  ...{ service, clock, unit, area, exercise },
});

const head = [
  ...['clock', 'unit', 'open', 'overdue', '<10 %', '<25 %', '<50 %', 'more', 'still', 'provisional'],
  ...['first due', 'oldest', 'service'],
];

const rowOf = (queue: SlaQueue, now: string): string[] => [
  ...[queue.clock, queue.unit ?? '-', String(queue.total)],
  ...slaBands.map((band) => some(queue.bands[band])),
  ...[some(queue.suspended.total), some(queue.provisional)],
  ...[fromNow(queue.firstDue, now), fromNow(queue.oldest, now), queue.service],
];

const byUrgency = (a: SlaQueue, b: SlaQueue): number =>
  slaBands.map((band) => b.bands[band] - a.bands[band]).find((difference) => difference !== 0) ?? 0;

const stillLines = ({ clock, unit, suspended }: SlaQueue): string[] =>
  suspended.total === 0
    ? []
    : [
        `${clock} of ${unit ?? 'nobody'} stands still: ${suspended.reasons
          .map(({ count, reason }) => `${count} × ${reason}`)
          .join(', ')}`,
      ];

const untold = ({ clock, unit, unescalated }: SlaQueue): string[] =>
  unescalated === 0
    ? []
    : [
        `${unescalated} ${clock} of ${unit ?? 'nobody'} past their due time, and nobody was told: linli doctor`,
      ];

const linesOf = ({ at, items }: SlaQueues, terminal: Terminal): string[] => {
  const paint = paintFor(terminal.colour);
  const sorted = items.toSorted(byUrgency);
  const [first = '', ...rows] = table(
    head,
    sorted.map((one) => rowOf(one, at)),
  );
  const painted = rows.map((row, n) => ((sorted[n]?.bands.overdue ?? 0) > 0 ? paint('red', row) : row));
  return [paint('dim', first), ...painted, ...sorted.flatMap(stillLines)];
};

/** `linli sla queues`: something overdue, or a service that does not answer, is a problem. */
export const showQueues = async (
  { url, key, json, ...which }: Connection & Which,
  terminal: Terminal,
): Promise<ExitCode> => {
  const seen = await new Api(url, key).get(`/v1/sla/queues${query(whichOf(which))}`, SlaQueues);
  if (json) terminal.out(JSON.stringify(seen));
  else if (seen.items.length === 0) terminal.out('no deadline is open');
  else linesOf(seen, terminal).forEach((line) => terminal.out(line));
  for (const line of [...seen.items.flatMap(untold), ...missingLine(seen.unreachable)]) terminal.err(line);
  const late = seen.items.some(({ bands, unescalated }) => bands.overdue + unescalated > 0);
  return late || seen.unreachable.length > 0 ? exitCode.problems : exitCode.ok;
};

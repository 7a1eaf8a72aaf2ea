import { PartitionPage, type PartitionView } from '@linli/contracts';
import { Api } from '../client/api.js';
import type { Connection } from '../commands/connection.js';
import { exitCode, UsageMistake, type ExitCode } from '../exit-code.js';
import type { Terminal } from '../terminal.js';
import { mend, orderOf, showResult, type MendOptions } from './mend.js';
import { duration, table } from './table.js';

export interface ResumeOptions extends MendOptions {
  readonly service?: string;
  readonly position?: number;
}

const head = ['service', 'partition', 'next', 'log', 'lag', 'oldest', 'last progress', 'state'];

const stateOf = ({ halted, pausedSince, expiring }: PartitionView): string => {
  if (halted !== null) return `HALTED: ${halted}`;
  if (pausedSince !== null) return `rests since ${pausedSince}`;
  return expiring ? 'EXPIRING' : 'ok';
};

const needsALook = (view: PartitionView): boolean => stateOf(view) !== 'ok' || view.lag > 0;

const rowOf = (view: PartitionView): string[] => [
  ...[view.service, `${view.topic}/${view.partition}`, String(view.next), `${view.low}..${view.high}`],
  ...[String(view.lag), duration(view.oldestUnreadSeconds), view.lastProgressAt ?? '-', stateOf(view)],
];

/** `linli partitions list`: a halted or expiring one is a problem; to be behind is none. */
export const listPartitions = async (
  {
    url,
    key,
    json,
    service,
    all = false,
  }: Connection & { readonly service?: string; readonly all?: boolean },
  terminal: Terminal,
): Promise<ExitCode> => {
  const query = service === undefined ? '' : `?service=${encodeURIComponent(service)}`;
  const { items } = await new Api(url, key).get(`/v1/ops/partitions${query}`, PartitionPage);
  const shown = all ? items : items.filter(needsALook);
  if (json) terminal.out(JSON.stringify({ items: shown }));
  else if (shown.length === 0) terminal.out(`all ${items.length} partitions are read to their end`);
  else table(head, shown.map(rowOf)).forEach((line) => terminal.out(line));
  return items.some(({ halted, expiring }) => halted !== null || expiring) ? exitCode.problems : exitCode.ok;
};

/** `linli.risk.commands.v1/3`: the topic names its service. */
const placeOf = (text: string, service: string | undefined): { path: string } => {
  const [, topic = '', owner = '', partition = ''] =
    /^(linli\.([a-z-]+)\.[\w.-]+)\/([0-9]+)$/u.exec(text) ?? [];
  if (topic === '') throw new UsageMistake('name the partition as linli.<service>.<topic>/<number>');
  return { path: `/v1/ops/partitions/${service ?? owner}/${topic}/${partition}/resume` };
};

export const resumePartition = async (
  place: string,
  options: ResumeOptions,
  terminal: Terminal,
): Promise<ExitCode> => {
  const { path } = placeOf(place, options.service);
  const { position } = options;
  const body = { ...orderOf(options), ...(position === undefined ? {} : { position }) };
  return showResult(await mend(new Api(options.url, options.key), path, body), options.json, terminal);
};

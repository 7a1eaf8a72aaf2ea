import type { OpsStatus, ServiceStatus } from '@linli/contracts';
import type { Paint } from '../print/palette.js';
import { duration, table } from './table.js';

const head = ['service', 'ready', 'lag', 'oldest', 'rests', 'halted', 'unsent', 'dead', 'parked', 'figures'];

const oldestOf = ({ partitions }: ServiceStatus): number | null => {
  const ages = partitions.flatMap(({ oldestUnreadSeconds }) => oldestUnreadSeconds ?? []);
  return ages.length > 0 ? Math.max(...ages) : null;
};

const rowOf = (status: ServiceStatus): string[] => {
  const { service, reachable, ready, partitions, relay, deadLetters, parkedKeys, figures } = status;
  const lag = partitions.reduce((sum, one) => sum + one.lag, 0);
  const unsent = relay === null ? '-' : String(relay.unstamped + relay.unpublished);
  const counted = Object.entries(figures).map(([name, value]) => `${value} ${name}`);
  return [
    ...[service, reachable ? (ready ? 'yes' : 'NO') : 'AWAY'],
    ...[String(lag), duration(oldestOf(status))],
    String(partitions.filter(({ pausedSince }) => pausedSince !== null).length),
    String(partitions.filter(({ halted }) => halted !== null).length),
    ...[unsent, String(deadLetters.open), String(parkedKeys), counted.join(', ')],
  ];
};

/** A row a service; below it, what needs attention. */
export const serviceLines = ({ services }: OpsStatus, paint: Paint): string[] => [
  ...table(head, services.map(rowOf)),
  ...services.flatMap(({ service, attention }) =>
    attention.map((sentence) => paint('red', `! ${service}: ${sentence}`)),
  ),
];

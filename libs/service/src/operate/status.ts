import type { Bus } from '@linli/bus';
import type { PartitionView, ServiceStatus } from '@linli/contracts';
import type { Clock } from '@linli/kernel';
import type { Health } from '../health/health.js';
import { calendarAttention, nothingLacks, type Lacking } from '../calendars/lacking.js';
import { deadlineAttention, deadlineFigures, nothingCounted } from '../deadlines/deadline-attention.js';
import type { ServiceParts } from '../service.js';
import { slaAttention } from '../sla/sla-attention.js';
import type { LookAtClocks } from '../sla/sla-watch.js';
import { attentionOf } from './attention.js';

export interface StatusParts {
  readonly service: string;
  readonly bus: Bus;
  readonly health: Health;
  readonly clock: Clock;
  readonly figures: () => Promise<Readonly<Record<string, number>>>;
  readonly attention: () => Promise<readonly string[]>;
  readonly lacking: () => Promise<Lacking>;
  readonly deadlines: Pick<NonNullable<ServiceParts['deadlines']>, 'figures'> | null;
  readonly clocks: LookAtClocks | null;
}

const sentence = (what: string, error: unknown): string =>
  `${what}: ${error instanceof Error ? error.message : String(error)}`;

/** What can be said in every case; what cannot be found out becomes a reason instead. */
const orReason = async <T>(work: Promise<T>, otherwise: T, what: string, reasons: string[]): Promise<T> => {
  try {
    return await work;
  } catch (error) {
    reasons.push(sentence(what, error));
    return otherwise;
  }
};

const unknown = {
  relay: null,
  deadLetters: { open: 0, replayed: 0, discarded: 0 },
  ...{ parkedKeys: 0, healed: 0, lastFault: null },
};

export const partitionsOf = async ({
  service,
  bus,
}: Pick<StatusParts, 'service' | 'bus'>): Promise<PartitionView[]> =>
  (await bus.operate.partitions()).map((one) => ({ service, ...one }));

/** One service as an operator sees it; answers also while the log or the database is away. */
export const statusOf = async (parts: StatusParts): Promise<ServiceStatus> => {
  const { service, bus, health, clock, figures, attention, lacking, deadlines, clocks } = parts;
  const unseen: string[] = [];
  const [live, ready, report, partitions, counted, own, lacks, due, seen] = await Promise.all([
    health.live(),
    health.ready(),
    orReason(bus.operate.report(), unknown, 'the state of the bus cannot be read', unseen),
    orReason(partitionsOf(parts), [], 'the partitions cannot be read', unseen),
    orReason<Readonly<Record<string, number>>>(figures(), {}, 'the figures cannot be read', unseen),
    orReason(attention(), [], 'what needs attention cannot be read', unseen),
    orReason(lacking(), nothingLacks, 'the calendars cannot be read', unseen),
    deadlines && orReason(deadlines.figures(), nothingCounted, 'the deadlines cannot be read', unseen),
    clocks && orReason<Awaited<ReturnType<LookAtClocks>>>(clocks(), [], 'the clocks cannot be read', unseen),
  ]);
  const reasons = [...live, ...ready, ...unseen.toSorted()];
  const known = {
    ...{ service, reachable: true, live: live.length === 0, ready: ready.length === 0, reasons },
    ...report,
    ...{ partitions, figures: { ...counted, ...(due && deadlineFigures(due)) } },
  };
  return {
    ...known,
    attention: [
      ...attentionOf(known, clock.now()),
      ...own,
      ...(due ? deadlineAttention(due) : []),
      ...slaAttention(seen ?? []),
      ...calendarAttention(lacks, clock.now()),
    ],
  };
};

import { z } from 'zod';

const instant = z.iso.datetime({ offset: true });
const seconds = z.number().nonnegative();

export const PartitionView = z.object({
  service: z.string(),
  topic: z.string(),
  partition: z.int(),
  kind: z.enum(['commands', 'stream', 'facts']),
  next: z.int().describe('Offset that is read next.'),
  low: z.int().describe('First offset that the log still holds.'),
  high: z.int().describe('Offset that the next record will get.'),
  lag: z.int().describe('Records not yet done.'),
  oldestUnreadSeconds: seconds.nullable().describe('Age of the oldest record not yet done; null = none.'),
  retentionSeconds: seconds,
  expiring: z
    .boolean()
    .describe(
      'The oldest unread record is older than 25 % of the retention: it will be lost if nothing moves.',
    ),
  halted: z.string().nullable().describe('Why it was stopped until an operator resumes it.'),
  haltedAt: instant.nullable(),
  pausedSince: instant.nullable().describe('It rests and tries again by itself since then.'),
  lastProgressAt: instant.nullable(),
  owner: z.string().nullable().describe('The process that works on it.'),
  crashes: z.int().describe('How many owners died here without getting anything done.'),
});
export type PartitionView = z.infer<typeof PartitionView>;

export const DeadLetterState = z.enum(['open', 'replayed', 'discarded']);
export type DeadLetterState = z.infer<typeof DeadLetterState>;

export const ServiceStatus = z.object({
  service: z.string(),
  reachable: z.boolean(),
  live: z.boolean(),
  ready: z.boolean(),
  reasons: z.array(z.string()).describe('Why it is not live or not ready.'),
  partitions: z.array(PartitionView),
  relay: z
    .object({
      unstamped: z.int().describe('Facts without a number yet.'),
      unpublished: z.int().describe('Numbered facts not yet sent.'),
      oldestSeconds: seconds.nullable().describe('Age of the oldest fact that was not sent.'),
    })
    .nullable(),
  deadLetters: z.object({ open: z.int(), replayed: z.int(), discarded: z.int() }),
  parkedKeys: z.int(),
  healed: z.int().describe('Missing facts fetched from their producer’s journal since the process started.'),
  figures: z
    .record(z.string(), z.number())
    .describe('What the service itself counts: quarantined events, silent sources.'),
  lastFault: z.string().nullable(),
  attention: z
    .array(z.string())
    .describe('What an operator should look at, a sentence each; empty = all is well.'),
});
export type ServiceStatus = z.infer<typeof ServiceStatus>;

export const OpsStatus = z.object({
  at: instant,
  ok: z.boolean().describe('Nothing needs attention.'),
  services: z.array(ServiceStatus),
});
export type OpsStatus = z.infer<typeof OpsStatus>;

export const DeadLetterSummary = z.object({
  id: z.string().describe('`<service>.<uuid>`'),
  service: z.string(),
  topic: z.string(),
  partition: z.int(),
  offset: z.int(),
  item: z.int().nullable().describe('Which item of a packed record; null = the whole record.'),
  state: DeadLetterState,
  error: z.string(),
  at: instant,
  attempts: z.int().describe('Replays that failed again.'),
  endedAt: instant.nullable(),
  endedBy: z.string().nullable(),
  endedReason: z.string().nullable(),
});
export type DeadLetterSummary = z.infer<typeof DeadLetterSummary>;

export const DeadLetterView = DeadLetterSummary.extend({
  group: z.string(),
  appendedAt: instant,
  headers: z.record(z.string(), z.string()),
  raw: z.string().nullable().describe('As it came, base64.'),
  decoded: z.unknown().describe('As JSON, where it is JSON; null otherwise.'),
});
export type DeadLetterView = z.infer<typeof DeadLetterView>;

export const DeadLetterPage = z.object({ items: z.array(DeadLetterSummary), next: z.string().nullable() });
export type DeadLetterPage = z.infer<typeof DeadLetterPage>;

export const ParkedKeySummary = z.object({
  id: z.string().describe('`<service>.<uuid>`: of this parking; a key that is parked again has another.'),
  service: z.string(),
  topic: z.string().nullable(),
  partition: z.int().nullable(),
  key: z.string().describe('Id of the aggregate.'),
  since: instant,
  reason: z.string(),
  attempts: z.int(),
  waiting: z.int(),
});
export type ParkedKeySummary = z.infer<typeof ParkedKeySummary>;

export const WaitingMessage = z.object({
  id: z.string().nullable(),
  type: z.string().nullable(),
  offset: z.int(),
  appendedAt: instant,
  body: z.unknown(),
});
export const ParkedKeyView = ParkedKeySummary.extend({
  group: z.string(),
  messages: z.array(WaitingMessage).describe('In the order in which they will run; at most 100.'),
});
export type ParkedKeyView = z.infer<typeof ParkedKeyView>;

export const ParkedKeyPage = z.object({ items: z.array(ParkedKeySummary), next: z.string().nullable() });
export type ParkedKeyPage = z.infer<typeof ParkedKeyPage>;

export const PartitionPage = z.object({ items: z.array(PartitionView) });
export type PartitionPage = z.infer<typeof PartitionPage>;

/** Line of the answer of `POST /v1/ops/audit/verify`; `done` is the last one. */
export const VerifyLine = z.union([
  z.looseObject({
    service: z.string(),
    topic: z.string(),
    partition: z.int(),
    rows: z.int().describe('Rows that were found right.'),
    anchored: z
      .int()
      .optional()
      .describe('The last row that an anchor outside of the database confirms; 0 = none.'),
    fault: z.looseObject({ seq: z.int(), problem: z.string() }).nullable(),
  }),
  z.object({ done: z.literal(true), chains: z.int(), rows: z.int(), faults: z.int() }),
  z.object({ service: z.string(), unreachable: z.string() }),
]);
export type VerifyLine = z.infer<typeof VerifyLine>;

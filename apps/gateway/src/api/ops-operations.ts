import {
  BulkLine,
  BulkReplay,
  commandTopics,
  DeadLetterPage,
  DeadLetterState,
  DeadLetterView,
  Operation as OperationView,
  OpsOrder,
  OpsResult,
  OpsStatus,
  Outcome,
  ParkedKeyPage,
  ParkedKeyView,
  PartitionPage,
  ResumeOrder,
  VerifyLine,
} from '@linli/contracts';
import { z } from 'zod';
import { commandAnswers, commandHeaders } from './command-parts.js';
import type { Operation } from './operation.js';
import { allProblems, commandProblems, ownerProblems } from './problems.js';
import { cursor, instant, limit } from './query-types.js';

const tag = 'Operators';
const NDJSON = 'application/x-ndjson';
const serviceNames = Object.keys(commandTopics) as [string, ...string[]];
const service = z.enum(serviceNames).describe('Only this service.');
const one = z.object({ id: z.string().describe('`<service>.<uuid>`, as listed.') });
const forbidden = { 403: ['GTW_AREA_LIMITED', 'OPS_FORBIDDEN'] } as const;
const notFound = { 404: ['OPS_NOT_FOUND'] } as const;
const idempotent =
  'Goes to the owner as a command: audited with who, when and why, and done once. Again, it does nothing and says so. ' +
  '`dryRun` answers what would happen.';

const look = (
  id: string,
  path: string,
  summary: string,
  more: Pick<Operation, 'answers'> & Partial<Operation>,
): Operation => ({
  ...{ id, method: 'GET', path: `/v1/ops${path}`, scope: 'ops', tag, summary },
  problems: allProblems(ownerProblems, forbidden, more.params ? notFound : {}),
  ...more,
});

const post = (id: string, path: string, summary: string) =>
  ({ id, method: 'POST', path: `/v1/ops${path}`, scope: 'ops', tag, summary }) as const;

const act = (id: string, path: string, summary: string, describes: string): Operation => ({
  ...post(id, path, summary),
  describes: `${describes} ${idempotent}`,
  params: one,
  headers: commandHeaders,
  bodies: { 'application/json': OpsOrder },
  answers: commandAnswers('What came of it: `effect` says whether it helped.', OpsResult, OperationView),
  problems: allProblems(commandProblems, ownerProblems, forbidden, notFound),
});

export const opsStatus = look('opsStatus', '/status', 'How is everything', {
  describes:
    'Every service with its partitions, lag, relay, dead letters and parked keys. `attention` says in sentences what an ' +
    'operator should look at. Answers 200 also when services are away: `ok` and `reachable` say so.',
  query: z.object({}),
  answers: { 200: { means: 'The state of the system.', body: OpsStatus } },
});

export const listPartitions = look('listPartitions', '/partitions', 'Partitions: position, lag, halts', {
  query: z.object({ service: service.optional() }),
  answers: { 200: { means: 'All of them.', body: PartitionPage } },
});

export const resumePartition: Operation = {
  ...act(
    'resumePartition',
    '/partitions/{service}/{topic}/{partition}/resume',
    'Let a halted partition go on',
    'It stands because somebody had to look: records expired unread, a topic was made anew, a newer release wrote. ' +
      'Without `position` it looks again; with it, it goes on from there, and what it passes over is in the audit. It is ' +
      'told to the owner directly: no command can travel in a partition that is halted.',
  ),
  params: z.object({ service: z.string(), topic: z.string(), partition: z.string() }),
  bodies: { 'application/json': ResumeOrder },
  problems: allProblems(commandProblems, ownerProblems, forbidden, {
    404: ['OPS_NOT_FOUND', 'OPS_PARTITION_NOT_FOUND'],
    422: ['OPS_POSITION_OUTSIDE'],
  }),
};

export const listDeadLetters = look('listDeadLetters', '/dead-letters', 'Dead letters', {
  describes:
    'Messages that could not be handled, oldest first. They are kept until somebody ended them, and 35 days more.',
  query: z.object({
    service: service.optional(),
    topic: z.string().max(200).optional(),
    state: DeadLetterState.optional(),
    errorContains: z.string().min(1).max(200).optional(),
    since: instant.optional(),
    until: instant.optional(),
    ...{ limit: limit.optional(), cursor: cursor.optional() },
  }),
  answers: { 200: { means: 'A page.', body: DeadLetterPage } },
});

export const getDeadLetter = look('getDeadLetter', '/dead-letters/{id}', 'One dead letter, whole', {
  params: one,
  answers: { 200: { means: 'Headers, raw and decoded content, error, where from.', body: DeadLetterView } },
});

export const replayDeadLetter = act(
  'replayDeadLetter',
  '/dead-letters/{id}/replay',
  'Do a dead letter again',
  'The message keeps its own id. Of a packed record only the item that was set aside is done.',
);

export const discardDeadLetter = act(
  'discardDeadLetter',
  '/dead-letters/{id}/discard',
  'Decide that a dead letter will not be done',
  'The row stays for 35 days, the audit entry for ever. A command that waits for its fate gets a refusal.',
);

export const replayMany: Operation = {
  ...post('replayDeadLetters', '/dead-letters/replay', 'Do many dead letters again'),
  describes:
    'One command for each open letter that fits, oldest first, one after the other; a line of NDJSON as each ends. If the ' +
    'answer breaks off, send it again with the same Idempotency-Key: what was done is not done twice.',
  headers: { 'Idempotency-Key': commandHeaders['Idempotency-Key'] as { means: string } },
  bodies: { 'application/json': BulkReplay },
  answers: { 200: { means: 'A line a letter, sums last.', body: BulkLine, type: NDJSON } },
  problems: allProblems(ownerProblems, forbidden, notFound, { 400: ['GTW_IDEMPOTENCY_KEY_INVALID'] }),
};

export const listParkedKeys = look('listParkedKeys', '/parked-keys', 'Aggregates whose commands wait', {
  query: z.object({ service: service.optional(), limit: limit.optional(), cursor: cursor.optional() }),
  answers: { 200: { means: 'A page, longest parked first.', body: ParkedKeyPage } },
});

export const getParkedKey = look(
  'getParkedKey',
  '/parked-keys/{id}',
  'One parked key and what waits behind it',
  {
    params: one,
    answers: { 200: { means: 'Why, and the waiting messages in order.', body: ParkedKeyView } },
  },
);

export const releaseKey = act(
  'releaseParkedKey',
  '/parked-keys/{id}/release',
  'Do what waits behind a parked key',
  'In order, with the original ids, at most 50 at once: release again while `remaining` is above 0. Stops at the first ' +
    'that fails again.',
);

export const discardFirst = act(
  'discardFirstOfKey',
  '/parked-keys/{id}/discard-first',
  'Discard the command that blocks a key',
  'Its outcome becomes a refusal (`OPS_DISCARDED`); what waits behind it is done.',
);

export const getOutcome = look('getOutcome', '/outcomes/{command}', 'What became of a command', {
  params: z.object({ command: z.string().describe('Id of the command.') }),
  answers: { 200: { means: 'Its outcome, of whatever tenant.', body: Outcome } },
});

export const verifyChains: Operation = {
  ...post('verifyAudit', '/audit/verify', 'Verify the hash chains of the journals'),
  describes:
    'Walks every row of every journal. A line of NDJSON for each chain as it ends; names the first row that is wrong.',
  bodies: { 'application/json': z.object({ service: service.optional() }).strict() },
  bodyMayMiss: true,
  answers: { 200: { means: 'A line a chain, sums last.', body: VerifyLine, type: NDJSON } },
  problems: allProblems(ownerProblems, forbidden),
};

export const opsOperations = [
  opsStatus,
  listPartitions,
  resumePartition,
  listDeadLetters,
  replayMany,
  getDeadLetter,
  replayDeadLetter,
  discardDeadLetter,
  listParkedKeys,
  getParkedKey,
  releaseKey,
  discardFirst,
  getOutcome,
  verifyChains,
] as const;

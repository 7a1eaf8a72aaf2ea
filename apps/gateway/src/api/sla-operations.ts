import {
  AreaPrefix,
  commandTopics,
  SlaBand,
  SlaCursor,
  SlaForecast,
  SlaItemPage,
  SlaQueues,
  SlaState,
  WhatIf,
  WhatIfAnswer,
} from '@linli/contracts';
import { z } from 'zod';
import type { Operation } from './operation.js';
import { allProblems, ownerProblems } from './problems.js';
import { limit, whole } from './query-types.js';

const tag = 'SLA';
const serviceNames = Object.keys(commandTopics) as [string, ...string[]];

const which = {
  service: z.enum(serviceNames).optional().describe('Only this service.'),
  clock: z.string().min(1).max(100).optional().describe('Only this clock, e.g. `verify`.'),
  unit: z.string().min(1).max(200).optional().describe('Only what this unit has to keep.'),
  area: AreaPrefix.optional().describe('Only this area: a division code, or the beginning of one.'),
};
const yes = z.enum(['true', 'false']);
const counted = {
  ...which,
  exercise: yes.optional().describe('Exercises (演练) instead of what is real. Default `false`.'),
};
const scoped = 'A key that is limited to areas sees what lies in them.';

const look = (
  id: string,
  path: string,
  more: Pick<Operation, 'summary' | 'answers' | 'query' | 'describes'>,
) =>
  ({
    ...{ id, method: 'GET', path: `/v1/sla${path}`, scope: 'ops', tag },
    problems: ownerProblems,
    ...more,
  }) satisfies Operation;

export const slaQueues = look('slaQueues', '/queues', {
  summary: 'Open deadlines by service, clock and unit, and by how much time is left',
  describes:
    'Time left is counted in the basis of the deadline: of a working budget, working time. ' +
    `\`unescalated\` must be 0 everywhere. Exercises are not counted unless asked for. ${scoped}`,
  query: z.object(counted),
  answers: { 200: { means: 'Every queue with an open deadline.', body: SlaQueues } },
});

export const slaItems = look('slaItems', '/items', {
  summary: 'Open deadlines one by one, the first due first',
  describes: `Of all services in one order. Those that stand still without an end come last. ${scoped}`,
  query: z.object({
    ...which,
    state: SlaState.optional(),
    band: SlaBand.optional(),
    suspended: yes.optional().describe('Whether it stands still now.'),
    provisional: yes.optional().describe('Whether it reaches into a year without a calendar.'),
    exercise: yes.optional().describe('Only exercises (演练), or none; absent: both, marked.'),
    ...{ limit: limit.optional(), cursor: SlaCursor.optional() },
  }),
  answers: { 200: { means: 'A page.', body: SlaItemPage } },
});

export const slaForecast = look('slaForecast', '/forecast', {
  summary: 'What will be late in the working hours to come, at the present throughput',
  describes:
    'First due, first served, one after another: with r deadlines ended per working hour, the k-th of a queue has its ' +
    'turn after k / r working hours. At risk is who is due before that. Overdue ones are served first; those that stand ' +
    "still are not in the queue. Hours are counted by the unit's calendar, else by the default. " +
    scoped,
  query: z.object({
    ...counted,
    hours: whole(1, 1000).optional().describe('Working hours ahead. Default 8.'),
    lookbackHours: whole(1, 1000)
      .optional()
      .describe('Working hours back over which throughput is counted. Default 70: two weeks of five days.'),
  }),
  answers: { 200: { means: 'Every queue with an open deadline.', body: SlaForecast } },
});

export const slaWhatIf: Operation = {
  ...{ id: 'slaWhatIf', method: 'POST', path: '/v1/sla/what-if', scope: 'ops', tag },
  summary: 'Which deadlines a change of a calendar or a policy would move',
  describes:
    'Changes nothing. What may not move, for it is owed to a resident and was told, stays, and so does what was missed: ' +
    `as it would if the change were made. ${scoped}`,
  bodies: { 'application/json': WhatIf },
  answers: { 200: { means: 'What would move, and what would be late at once.', body: WhatIfAnswer } },
  problems: allProblems(ownerProblems, { 422: ['SLA_CLOCK_UNKNOWN', 'CAL_YEAR_EMPTY'] }),
};

export const slaOperations = [slaQueues, slaItems, slaForecast, slaWhatIf] as const;

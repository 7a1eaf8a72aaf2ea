import { NewSilence, Operation as OperationView, Silence, Silences } from '@linli/contracts';
import { z } from 'zod';
import { commandAnswers, commandHeaders } from './command-parts.js';
import type { Operation } from './operation.js';
import { allProblems, commandProblems, ownerProblems } from './problems.js';

const tag = 'Silences';

export const listSilences: Operation = {
  id: 'listSilences',
  method: 'GET',
  path: '/v1/risk/silences',
  scope: 'warnings:read',
  tag,
  summary: 'What is muted, by whom, until when',
  answers: { 200: { means: 'Silences that touch the areas of the key.', body: Silences } },
  problems: ownerProblems,
};

export const addSilence: Operation = {
  id: 'addSilence',
  method: 'POST',
  path: '/v1/risk/silences',
  scope: 'warnings:write',
  tag,
  summary: 'Mute notifications of new warnings',
  describes:
    'The warnings are raised, listed and streamed as ever, and say `silencedUntil`. Red ones are never muted. It ends ' +
    'by itself.',
  headers: commandHeaders,
  bodies: { 'application/json': NewSilence },
  answers: commandAnswers('It holds.', Silence, OperationView),
  problems: allProblems(commandProblems, { 403: ['AREA_FORBIDDEN'], 422: ['RSK_SILENCE_INVALID'] }),
};

export const endSilence: Operation = {
  id: 'endSilence',
  method: 'POST',
  path: '/v1/risk/silences/{id}/end',
  scope: 'warnings:write',
  tag,
  summary: 'End a silence before its time',
  params: z.object({ id: z.uuid().describe('Id of the silence.') }),
  headers: commandHeaders,
  bodies: { 'application/json': z.object({}).strict() },
  bodyMayMiss: true,
  answers: commandAnswers('Ended.', Silence, OperationView),
  problems: allProblems(commandProblems, { 404: ['RSK_SILENCE_NOT_FOUND'] }),
};

export const silenceOperations = [listSilences, addSilence, endSilence] as const;

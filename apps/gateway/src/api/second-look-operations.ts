import { NewSecondLook, Operation as OperationView, SecondLook, SecondLooks } from '@linli/contracts';
import { commandAnswers, commandHeaders } from './command-parts.js';
import type { Operation } from './operation.js';
import { allProblems, commandProblems, ownerProblems } from './problems.js';

const tag = 'Second looks';

export const listSecondLooks: Operation = {
  id: 'listSecondLooks',
  method: 'GET',
  path: '/v1/risk/second-looks',
  scope: 'warnings:read',
  tag,
  summary: 'Warnings that wait for a second officer',
  describes:
    'One warning in ten is verified twice. What the first officer found is not said here, and what this key verified ' +
    'itself is left out.',
  answers: { 200: { means: 'The oldest first.', body: SecondLooks } },
  problems: ownerProblems,
};

export const recordSecondLook: Operation = {
  id: 'recordSecondLook',
  method: 'POST',
  path: '/v1/risk/second-looks',
  scope: 'warnings:write',
  tag,
  summary: 'Say what a second officer found',
  describes: 'Nothing about the warning changes. GET /v1/risk/accuracy tells how far the two agree (kappa).',
  headers: commandHeaders,
  bodies: { 'application/json': NewSecondLook },
  answers: commandAnswers('Recorded, and what the first found.', SecondLook, OperationView),
  problems: allProblems(commandProblems, {
    403: ['WRN_SELF_VERIFY'],
    404: ['RSK_SECOND_LOOK_NOT_FOUND'],
  }),
};

export const secondLookOperations = [listSecondLooks, recordSecondLook] as const;

import {
  Accuracy,
  AreaPrefix,
  Credits,
  Operation as OperationView,
  Palette,
  riskCommands,
  RiskMap,
  RiskSources,
  UndoneCredit,
} from '@linli/contracts';
import { z } from 'zod';
import { commandAnswers, commandHeaders } from './command-parts.js';
import type { Operation } from './operation.js';
import { allProblems, commandProblems, ownerProblems } from './problems.js';
import { instant } from './query-types.js';

const read = (
  id: string,
  path: string,
  summary: string,
  more: Pick<Operation, 'answers'> & Partial<Operation>,
): Operation => ({
  id,
  method: 'GET',
  path: `/v1/risk/${path}`,
  scope: 'warnings:read',
  tag: 'Risk',
  summary,
  problems: ownerProblems,
  ...more,
});

export const riskAccuracy = read('getRiskAccuracy', 'accuracy', 'How good the warnings were', {
  describes:
    'Precision, recall and lead time of the warnings that ended in a period, and the 三早 measures; traditional and ' +
    'new-type risks apart. Shares come with their Wilson 95 % interval, and as a percentage from ten cases on.',
  query: z.object({
    area: AreaPrefix.optional(),
    from: instant.optional().describe('Ended at or after.'),
    to: instant.optional().describe('Ended before.'),
  }),
  answers: { 200: { means: 'Measures of both kinds.', body: Accuracy } },
});

export const riskMap = read('getRiskMap', 'map', 'Areas with their colour', {
  describes:
    'The areas that were loaded (POST /v1/areas) or have open warnings, with the highest colour of these and their ' +
    'number. Work prompts for staff, never a public alert.',
  query: z.object({
    area: AreaPrefix.optional(),
    level: z.enum(['district', 'street', 'community']).optional().describe('Default community.'),
  }),
  answers: { 200: { means: 'A feature collection.', body: RiskMap, type: 'application/geo+json' } },
});

export const riskSources = read('listRiskSources', 'sources', 'Are the sources heard, are they right', {
  describes:
    'Every source that the tenant hears: when it was last heard, when it should have been heard, and its credibility. ' +
    'Warnings that were verified teach: Beta prior with the mean of the default, plus one case for each warning.',
  answers: { 200: { means: 'The sources by name.', body: RiskSources } },
});

export const riskCredits = read('listRiskCredits', 'credits', 'What verified warnings taught about sources', {
  query: z.object({ source: z.string().min(1).max(64).optional() }),
  answers: { 200: { means: 'The latest first.', body: Credits } },
});

export const undoCredit: Operation = {
  id: 'undoCredit',
  method: 'POST',
  path: '/v1/risk/credits/undo',
  scope: 'areas:write',
  tag: 'Risk',
  summary: 'Undo what a warning taught about a source',
  describes: 'It stays visible, with who undid it, when and why. Needs a key for all areas.',
  headers: commandHeaders,
  bodies: { 'application/json': riskCommands['risk.undo-credit'] },
  answers: commandAnswers('Undone.', UndoneCredit, OperationView),
  problems: allProblems(commandProblems, { 403: ['GTW_AREA_LIMITED'], 404: ['RSK_CREDIT_NOT_FOUND'] }),
};

export const getPalette = read('getPalette', 'palette', 'How colours are named', {
  answers: { 200: { means: 'The palette of the tenant.', body: Palette } },
});

export const choosePalette: Operation = {
  id: 'choosePalette',
  method: 'POST',
  path: '/v1/risk/palette',
  scope: 'areas:write',
  tag: 'Risk',
  summary: 'Choose how colours are named',
  describes: 'Names in answers only: levels, codes and facts stay what they are. Needs a key for all areas.',
  headers: commandHeaders,
  bodies: { 'application/json': riskCommands['risk.choose-palette'] },
  answers: commandAnswers('Chosen.', Palette, OperationView),
  problems: allProblems(commandProblems, { 403: ['GTW_AREA_LIMITED'] }),
};

export const riskOperations = [
  riskAccuracy,
  riskMap,
  riskSources,
  riskCredits,
  undoCredit,
  getPalette,
  choosePalette,
] as const;

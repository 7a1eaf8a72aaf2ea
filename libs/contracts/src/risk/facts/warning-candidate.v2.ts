import { Exercise } from '../warning.js';
import { WarningCandidateV1 } from './warning-candidate.v1.js';

/** The same, and whether it belongs to an exercise. Told of exercises; of what is real the first version is. */
export const WarningCandidateV2 = {
  type: 'linli.risk.warning.candidate.v2',
  data: WarningCandidateV1.data.extend({ exercise: Exercise }),
  example: { ...WarningCandidateV1.example, exercise: true },
} as const;

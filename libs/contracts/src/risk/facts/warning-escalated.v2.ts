import { Exercise } from '../warning.js';
import { WarningEscalatedV1 } from './warning-escalated.v1.js';

/** The same, and whether it belongs to an exercise. Told of exercises; of what is real the first version is. */
export const WarningEscalatedV2 = {
  type: 'linli.risk.warning.escalated.v2',
  data: WarningEscalatedV1.data.extend({ exercise: Exercise }),
  example: { ...WarningEscalatedV1.example, exercise: true },
} as const;

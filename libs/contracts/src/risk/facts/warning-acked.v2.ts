import { Exercise } from '../warning.js';
import { WarningAckedV1 } from './warning-acked.v1.js';

/** The same, and whether it belongs to an exercise. Told of exercises; of what is real the first version is. */
export const WarningAckedV2 = {
  type: 'linli.risk.warning.acked.v2',
  data: WarningAckedV1.data.extend({ exercise: Exercise }),
  example: { ...WarningAckedV1.example, exercise: true },
} as const;

import { Exercise } from '../warning.js';
import { WarningVerifiedV1 } from './warning-verified.v1.js';

/** The same, and whether it belongs to an exercise. Told of exercises; of what is real the first version is. */
export const WarningVerifiedV2 = {
  type: 'linli.risk.warning.verified.v2',
  data: WarningVerifiedV1.data.extend({ exercise: Exercise }),
  example: { ...WarningVerifiedV1.example, exercise: true },
} as const;

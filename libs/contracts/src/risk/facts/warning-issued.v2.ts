import { Exercise } from '../warning.js';
import { WarningIssuedV1 } from './warning-issued.v1.js';

/** The same, and whether it belongs to an exercise. Told of exercises; of what is real the first version is. */
export const WarningIssuedV2 = {
  type: 'linli.risk.warning.issued.v2',
  data: WarningIssuedV1.data.extend({ exercise: Exercise }),
  example: { ...WarningIssuedV1.example, exercise: true },
} as const;

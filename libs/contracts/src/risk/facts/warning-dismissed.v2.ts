import { Exercise } from '../warning.js';
import { WarningDismissedV1 } from './warning-dismissed.v1.js';

/** The same, and whether it belongs to an exercise. Told of exercises; of what is real the first version is. */
export const WarningDismissedV2 = {
  type: 'linli.risk.warning.dismissed.v2',
  data: WarningDismissedV1.data.extend({ exercise: Exercise }),
  example: { ...WarningDismissedV1.example, exercise: true },
} as const;

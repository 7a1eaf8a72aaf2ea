import { calendarOperations } from './calendar-operations.js';
import { eventOperations } from './event-operations.js';
import { incidentOperations } from './incident-operations.js';
import { keyOperations } from './key-operations.js';
import type { Operation } from './operation.js';
import { opsOperations } from './ops-operations.js';
import { healthOperations, otherOperations } from './other-operations.js';
import { responsePolicyOperations } from './response-policy-operations.js';
import { riskOperations } from './risk-operations.js';
import { secondLookOperations } from './second-look-operations.js';
import { silenceOperations } from './silence-operations.js';
import { slaOperations } from './sla-operations.js';
import { warningCommands } from './warning-commands.js';
import { warningOperations } from './warning-operations.js';

/** The public API, whole. */
export const operations: readonly Operation[] = [
  ...eventOperations,
  ...warningOperations,
  ...Object.values(warningCommands),
  ...riskOperations,
  ...responsePolicyOperations,
  ...silenceOperations,
  ...incidentOperations,
  ...secondLookOperations,
  ...calendarOperations,
  ...slaOperations,
  ...otherOperations,
  ...keyOperations,
  ...opsOperations,
  ...healthOperations,
];

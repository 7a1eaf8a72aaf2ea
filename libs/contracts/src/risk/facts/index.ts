import { WarningAckedV1 } from './warning-acked.v1.js';
import { WarningCandidateV1 } from './warning-candidate.v1.js';
import { WarningDismissedV1 } from './warning-dismissed.v1.js';
import { WarningEscalatedV1 } from './warning-escalated.v1.js';
import { WarningIssuedV1 } from './warning-issued.v1.js';
import { WarningVerifiedV1 } from './warning-verified.v1.js';

/** Every fact that the risk service tells the world, on `linli.risk.warnings.v1`, keyed by warning. */
export const riskFacts = [
  WarningCandidateV1,
  WarningIssuedV1,
  WarningDismissedV1,
  WarningAckedV1,
  WarningEscalatedV1,
  WarningVerifiedV1,
] as const;

export {
  WarningCandidateV1,
  WarningIssuedV1,
  WarningDismissedV1,
  WarningAckedV1,
  WarningEscalatedV1,
  WarningVerifiedV1,
};

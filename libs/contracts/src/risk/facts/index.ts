import { SilenceRemindedV1 } from './silence-reminded.v1.js';
import { WarningAckedV1 } from './warning-acked.v1.js';
import { WarningAckedV2 } from './warning-acked.v2.js';
import { WarningCandidateV1 } from './warning-candidate.v1.js';
import { WarningCandidateV2 } from './warning-candidate.v2.js';
import { WarningDismissedV1 } from './warning-dismissed.v1.js';
import { WarningDismissedV2 } from './warning-dismissed.v2.js';
import { WarningEscalatedV1 } from './warning-escalated.v1.js';
import { WarningEscalatedV2 } from './warning-escalated.v2.js';
import { WarningIssuedV1 } from './warning-issued.v1.js';
import { WarningIssuedV2 } from './warning-issued.v2.js';
import { WarningVerifiedV1 } from './warning-verified.v1.js';
import { WarningVerifiedV2 } from './warning-verified.v2.js';
import { WarningPlanSetV1 } from './warning-plan-set.v1.js';
import { WarningHandedOverV1 } from './warning-handed-over.v1.js';
import { WarningUpdatedV1 } from './warning-updated.v1.js';
import { WarningLinkedV1 } from './warning-linked.v1.js';
import { WarningLoweredV1 } from './warning-lowered.v1.js';
import { WarningMonitoringV1 } from './warning-monitoring.v1.js';
import { WarningVisitedV1 } from './warning-visited.v1.js';
import { WarningClosedV1 } from './warning-closed.v1.js';
import { WarningReopenedV1 } from './warning-reopened.v1.js';
import { WarningMergedV1 } from './warning-merged.v1.js';
import { WarningExpiredV1 } from './warning-expired.v1.js';
import { WarningRemindedV1 } from './warning-reminded.v1.js';
import { WarningSupervisedV1 } from './warning-supervised.v1.js';

/** Every fact that the risk service tells the world, on `linli.risk.warnings.v1`, keyed by what it is about. */
export const riskFacts = [
  WarningCandidateV1,
  WarningCandidateV2,
  WarningIssuedV1,
  WarningIssuedV2,
  WarningDismissedV1,
  WarningDismissedV2,
  WarningAckedV1,
  WarningAckedV2,
  WarningEscalatedV1,
  WarningEscalatedV2,
  WarningVerifiedV1,
  WarningVerifiedV2,
  WarningPlanSetV1,
  WarningHandedOverV1,
  WarningUpdatedV1,
  WarningLinkedV1,
  WarningLoweredV1,
  WarningMonitoringV1,
  WarningVisitedV1,
  WarningClosedV1,
  WarningReopenedV1,
  WarningMergedV1,
  WarningExpiredV1,
  WarningRemindedV1,
  WarningSupervisedV1,
  SilenceRemindedV1,
] as const;

export {
  WarningCandidateV1,
  WarningCandidateV2,
  WarningIssuedV1,
  WarningIssuedV2,
  WarningDismissedV1,
  WarningDismissedV2,
  WarningAckedV1,
  WarningAckedV2,
  WarningEscalatedV1,
  WarningEscalatedV2,
  WarningVerifiedV1,
  WarningVerifiedV2,
  WarningPlanSetV1,
  WarningHandedOverV1,
  WarningUpdatedV1,
  WarningLinkedV1,
  WarningLoweredV1,
  WarningMonitoringV1,
  WarningVisitedV1,
  WarningClosedV1,
  WarningReopenedV1,
  WarningMergedV1,
  WarningExpiredV1,
  WarningRemindedV1,
  WarningSupervisedV1,
  SilenceRemindedV1,
};

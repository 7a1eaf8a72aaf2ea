import type { DynamicModule } from '@nestjs/common';
import { ChoosePalette } from './commands/choose-palette.js';
import { EndSilence } from './commands/end-silence.js';
import { EvaluateWarning } from './commands/evaluate-warning.js';
import { HoldWarnings } from './commands/hold-warnings.js';
import { LoadAreas } from './commands/load-areas.js';
import { RecordIncident } from './commands/record-incident.js';
import { RecordSecondLook } from './commands/record-second-look.js';
import { ReplayQuarantine } from './commands/replay-quarantine.js';
import { ReviveWarning } from './commands/revive-warning.js';
import { SetResponsePolicy } from './commands/set-response-policy.js';
import { SilenceWarnings } from './commands/silence.js';
import { UndoCredit } from './commands/undo-credit.js';
import { warningOrders } from './commands/warning-orders.js';
import { WithdrawIncident } from './commands/withdraw-incident.js';
import { RiskEvents } from './consumers/risk-events.js';
import { ReachDeadline } from './deadlines/reach-deadline.js';
import { PARTS, type Parts } from './parts.js';
import { DeadlineQueries } from './queries/deadlines.controller.js';
import { OutcomeQueries } from './queries/outcomes.controller.js';
import { RiskQueries } from './queries/risk.controller.js';
import { RiskEventQueries } from './queries/risk-events.controller.js';
import { WarningQueries } from './queries/warnings.controller.js';

const commands = [
  HoldWarnings,
  EvaluateWarning,
  ...warningOrders.values(),
  ReviveWarning,
  ReplayQuarantine,
  LoadAreas,
  ChoosePalette,
  SetResponsePolicy,
  UndoCredit,
  SilenceWarnings,
  EndSilence,
  RecordIncident,
  WithdrawIncident,
  RecordSecondLook,
];
const consumers = [RiskEvents];
const deadlines = [ReachDeadline];
const queries = [WarningQueries, DeadlineQueries, RiskQueries, RiskEventQueries, OutcomeQueries];

export class RiskModule {
  static with(parts: Parts): DynamicModule {
    return {
      module: RiskModule,
      controllers: [...commands, ...consumers, ...deadlines, ...queries],
      providers: [{ provide: PARTS, useValue: parts }],
    };
  }
}

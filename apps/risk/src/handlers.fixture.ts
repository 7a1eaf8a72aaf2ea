import type { Answer, Handling } from '@linli/bus';
import type { Command } from '@linli/contracts';
import { v4 } from 'uuid';
import { ChoosePalette } from './commands/choose-palette.js';
import { EndSilence } from './commands/end-silence.js';
import { EvaluateWarning } from './commands/evaluate-warning.js';
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
import { ReachDeadline } from './deadlines/reach-deadline.js';
import type { Parts } from './parts.js';

type Told = Pick<Command, 'type' | 'aggregateId' | 'data' | 'tenant' | 'principal'> & Partial<Command>;

/** A command as the log brings it. */
export const aCommand = (told: Told, now: number): Command => {
  const at = new Date(now).toISOString();
  return {
    ...{ commandId: v4(), version: 1, expectedVersion: null, requestHash: 'x', notAfter: at, acceptedAt: at },
    ...{ correlationId: 'c-1', causationId: null, hops: 0, ...told },
  };
};

export type Handles = { handle(command: Command, handling: Handling): Promise<Answer> };

/** The doors for commands, by type. */
export const handlersOf = (parts: Parts): Readonly<Record<string, Handles>> => ({
  'risk.evaluate-warning': new EvaluateWarning(),
  'risk.revive-warning': new ReviveWarning(),
  'risk.reach-deadline': new ReachDeadline(),
  ...Object.fromEntries([...warningOrders].map(([type, Order]) => [type, new Order(parts)])),
  'risk.replay-quarantine': new ReplayQuarantine(),
  'risk.load-areas': new LoadAreas(),
  'risk.choose-palette': new ChoosePalette(),
  'risk.set-response-policy': new SetResponsePolicy(parts),
  'risk.undo-credit': new UndoCredit(),
  'risk.silence': new SilenceWarnings(parts),
  'risk.end-silence': new EndSilence(parts),
  'risk.record-incident': new RecordIncident(),
  'risk.withdraw-incident': new WithdrawIncident(),
  'risk.record-second-look': new RecordSecondLook(parts),
});

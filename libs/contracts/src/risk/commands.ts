import { z } from 'zod';
import { DeadlineReached } from '../deadlines/reached.js';
import { Boundary } from './boundary.js';
import { IncidentWithdrawal, NewIncident } from './incidents.js';
import { PaletteName } from './palettes.js';
import { NewResponsePolicy } from './response-policy.js';
import { NewSecondLook } from './second-looks.js';
import { NewSilence } from './silences.js';
import { UndoCredit } from './source-views.js';
import { warningVerbs } from './warning-verbs.js';

/** What the risk service is told to do. Aggregate: the warning, unless said otherwise. */
export const riskCommands = {
  /** From the risk service to itself: a place reached a level. Creates the warning or raises its colour. */
  'risk.evaluate-warning': z.object({
    placeId: z.uuid(),
    generation: z
      .int()
      .nonnegative()
      .describe('How often the place was cleared before; one warning per place and generation.'),
    level: z.int().min(1).max(3),
    score: z.number(),
    assessedAt: z.iso.datetime({ offset: true }),
  }),
  'risk.issue-warning': warningVerbs.issue,
  'risk.dismiss-warning': warningVerbs.dismiss,
  'risk.acknowledge-warning': warningVerbs.acknowledge,
  'risk.escalate-warning': warningVerbs.escalate,
  'risk.verify-warning': warningVerbs.verify,
  'risk.plan-warning': warningVerbs.plan,
  'risk.hand-over-warning': warningVerbs['hand-over'],
  'risk.update-warning': warningVerbs.update,
  'risk.link-warning': warningVerbs.link,
  'risk.lower-warning': warningVerbs.lower,
  'risk.monitor-warning': warningVerbs.monitor,
  'risk.visit-warning': warningVerbs.visit,
  'risk.close-warning': warningVerbs.close,
  'risk.reopen-warning': warningVerbs.reopen,
  'risk.merge-warning': warningVerbs.merge,
  /** From the risk service to itself: a signal newer than the end of the danger came to the place of a warning. */
  'risk.revive-warning': z
    .object({ signalAt: z.iso.datetime({ offset: true }).describe('When the newest signal occurred.') })
    .strict(),
  /** From the risk service to itself: a clock of a warning reached a rung of its ladder. */
  'risk.reach-deadline': DeadlineReached,
  /** Aggregate: the tenant’s register. Replays what is in quarantine and is known now. */
  'risk.replay-quarantine': z
    .object({
      categories: z
        .record(z.string().max(64), z.string().max(64))
        .optional()
        .describe('Unknown category → code of a known one; remembered for later events.'),
      areas: z
        .record(z.string().max(64), z.string().max(64))
        .optional()
        .describe('Unknown area → known division code; remembered for later events.'),
      source: z.string().max(64).optional().describe('Only events of this source.'),
    })
    .strict(),
  /** Aggregate: the tenant’s register. Adds or replaces areas; a tenant that loaded none accepts every well-formed code. */
  'risk.load-areas': z
    .object({
      areas: z
        .array(
          z
            .object({
              code: z.string().regex(/^[0-9]{6,17}$/u, 'must be 6 to 17 digits'),
              name: z.string().max(100),
              boundary: Boundary.optional().describe('Absent: stays as it was loaded before.'),
            })
            .strict(),
        )
        .max(5000)
        .optional(),
      grids: z
        .array(
          z
            .object({
              area: z.string().regex(/^[0-9]{12}$/u, 'must be 12 digits'),
              grid: z.string().max(64),
              neighbours: z.array(z.object({ area: z.string(), grid: z.string() }).strict()).max(32),
            })
            .strict(),
        )
        .max(5000)
        .optional()
        .describe('Grids with their neighbours; a neighbour’s signals count half.'),
    })
    .strict(),
  /** Aggregate: the tenant’s register. How colours are named in answers. */
  'risk.choose-palette': z.object({ palette: PaletteName }).strict(),
  /** Aggregate: the tenant’s register. Within which time warnings are answered. */
  'risk.set-response-policy': NewResponsePolicy,
  /** Aggregate: the tenant’s register. What a verified warning taught about a source does not count any more. */
  'risk.undo-credit': UndoCredit,
  /** Aggregate: the tenant’s register. The silence has the id of the command. */
  'risk.silence': NewSilence,
  /** Aggregate: the tenant’s register. */
  'risk.end-silence': z.object({ id: z.uuid() }).strict(),
  /** Aggregate: the tenant’s register. The incident has the id of the command. */
  'risk.record-incident': NewIncident,
  /** Aggregate: the tenant’s register. */
  'risk.withdraw-incident': IncidentWithdrawal.extend({ id: z.uuid() }),
  /** Aggregate: the tenant’s register. */
  'risk.record-second-look': NewSecondLook,
} as const;
export type RiskCommandType = keyof typeof riskCommands;
export type RiskCommand<T extends RiskCommandType> = z.infer<(typeof riskCommands)[T]>;

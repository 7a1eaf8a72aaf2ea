import type { Level } from './colour.js';
import type { ClockName, Supervision } from './response.js';
import type { ExternalBody, Outcome, Subject, VerifyResult } from './warning.commands.js';

/** What happened to a warning. */
export type WarningFact =
  | {
      readonly type: 'candidate';
      readonly id: string;
      readonly subject: Subject;
      readonly level: Level;
      readonly score: number;
      readonly ruleVersion: string;
    }
  | { readonly type: 'issued'; readonly by: string }
  | { readonly type: 'dismissed'; readonly reason: string }
  | { readonly type: 'acked'; readonly by: string }
  | {
      readonly type: 'escalated';
      readonly from: Level;
      readonly level: Level;
      readonly score: number;
      readonly ruleVersion: string;
      readonly cause: 'score' | 'timeout' | 'owner';
    }
  | { readonly type: 'verified'; readonly result: VerifyResult }
  | {
      readonly type: 'plan_set';
      readonly due: number;
      /** How many; what they are was written by people and is sealed. */
      readonly measures: number;
      readonly people: number;
    }
  | { readonly type: 'handed_over'; readonly body: ExternalBody; readonly reference: string }
  | { readonly type: 'updated'; readonly reassessed: boolean }
  | { readonly type: 'linked'; readonly kind: 'mediation' | 'petition'; readonly target: string }
  | { readonly type: 'lowered'; readonly from: Level; readonly level: Level }
  | { readonly type: 'monitoring' }
  | { readonly type: 'visited'; readonly visit: number }
  | { readonly type: 'closed'; readonly outcome: Outcome; readonly happenedAt: number | null }
  | { readonly type: 'reopened'; readonly cause: 'signal' | 'owner' }
  | { readonly type: 'merged'; readonly into: string; readonly because: 'scope' | 'cause' }
  | { readonly type: 'expired' }
  | {
      readonly type: 'supervised';
      readonly clock: ClockName;
      readonly due: number;
      readonly supervision: Supervision;
      readonly notice: number;
    };

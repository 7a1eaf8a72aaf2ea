import type { Level } from './colour.js';
import type { ClockName } from './response.js';
import type { Scope } from './scope.js';

/** What a warning is about, fixed when it is raised. */
export interface Subject {
  readonly placeId: string;
  /** How often the place was cleared before: one warning per place and generation. */
  readonly generation: number;
  readonly category: string;
  readonly area: string;
  readonly scope: Scope;
  /** Raised by the signals of an exercise: handled as if real, and in no statistics. */
  readonly exercise: boolean;
}

export type VerifyResult = 'confirmed' | 'false' | 'unclear';

/** Whom a warning can be handed to (domain notes 3.7): police 110, fire service 119, ambulance 120, or another body. */
export type ExternalBody = 'police' | 'fire' | 'medical' | 'other';

/**
 * How it turned out (domain notes 3.9). `event`: it happened. `averted`: it was imminent and was prevented. `resolved`:
 * the confirmed cause is gone, no imminence shown. `false_alarm`: there was nothing.
 */
export type Outcome = 'event' | 'averted' | 'resolved' | 'false_alarm';

/** A piece of evidence and where it comes from; two from one source are not independent. */
export interface Evidence {
  readonly source: string;
  readonly text: string;
}

export interface Closing {
  readonly outcome: Outcome;
  /** When it happened, or when the action was taken that averted it. */
  readonly happenedAt: number | null;
  /** Who judged that it was averted. */
  readonly panel: readonly string[];
  readonly evidence: readonly Evidence[];
}

export type WarningCommand =
  | {
      readonly type: 'evaluate';
      readonly subject: Subject;
      readonly level: Level;
      readonly score: number;
      readonly ruleVersion: string;
    }
  | { readonly type: 'issue' }
  | { readonly type: 'dismiss'; readonly reason: string }
  | { readonly type: 'acknowledge' }
  | { readonly type: 'escalate' }
  | { readonly type: 'verify'; readonly result: VerifyResult; readonly evidence: string }
  | {
      readonly type: 'plan';
      readonly measures: readonly string[];
      readonly people: readonly string[];
      readonly due: number;
    }
  | { readonly type: 'hand-over'; readonly body: ExternalBody; readonly reference: string }
  /** `reassessed`: the colour was looked at again and stands. */
  | { readonly type: 'update'; readonly reassessed: boolean }
  | { readonly type: 'link'; readonly kind: 'mediation' | 'petition'; readonly target: string }
  | { readonly type: 'lower'; readonly evidence: string }
  | { readonly type: 'monitor'; readonly evidence: string }
  | { readonly type: 'visit' }
  | ({ readonly type: 'close' } & Closing)
  | { readonly type: 'reopen' }
  | { readonly type: 'merge'; readonly into: string; readonly because: 'scope' | 'cause' }
  | { readonly type: 'expire' }
  | {
      readonly type: 'supervise';
      readonly clock: ClockName;
      readonly due: number;
      /** 1: the due time passed. More: the same time passed again. */
      readonly notice: 1 | 2 | 3;
    };

export type CommandName = WarningCommand['type'];

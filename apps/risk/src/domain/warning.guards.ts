import { refuse, type Refusal } from '@linli/kernel';
import type { Actor } from './authority.js';
import { nameOf } from './colour.js';
import type { Warning, WarningCommand } from './warning.js';

/** A condition of a move beside state and role; answers the refusal, or null when it holds. */
export type Guard = (warning: Warning | null, command: WarningCommand, actor: Actor) => Refusal | null;

export const reachesLevel: Guard = (_warning, command) =>
  command.type === 'evaluate' && command.level === 0
    ? refuse('WRN_NO_SCOPE', 'invalid', 'A warning needs a colour: score 40 or a trigger.')
    : null;

export const isHigher: Guard = (warning, command) =>
  command.type === 'evaluate' && warning && command.level <= warning.level
    ? refuse('WRN_MAX_LEVEL', 'conflict', `The warning is already ${nameOf(warning.level)}.`)
    : null;

export const hasReason: Guard = (_warning, command) =>
  command.type === 'dismiss' && command.reason.trim() === ''
    ? refuse('WRN_REASON', 'invalid', 'Dismissing needs a reason code.', [
        { pointer: '/reason', code: 'WRN_REASON', detail: 'must not be blank' },
      ])
    : null;

export const hasEvidence: Guard = (_warning, command) =>
  command.type === 'verify' && command.evidence.trim() === ''
    ? refuse('WRN_EVIDENCE', 'invalid', 'Verifying needs evidence; text suffices.', [
        { pointer: '/evidence', code: 'WRN_EVIDENCE', detail: 'must not be blank' },
      ])
    : null;

/** Red: four eyes. Events come from systems, so the one who must not verify is the officer who issued. */
export const isNotIssuer: Guard = (warning, command, actor) =>
  command.type === 'verify' &&
  warning?.level === 3 &&
  actor.kind === 'key' &&
  actor.keyId === warning.issuedBy
    ? refuse(
        'WRN_SELF_VERIFY',
        'forbidden',
        'A red warning is verified by another key than the one that issued it.',
      )
    : null;

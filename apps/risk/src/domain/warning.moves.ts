import type { Role } from './authority.js';
import type { State, WarningCommand, WarningFact } from './warning.js';
import { hasEvidence, hasReason, isHigher, isNotIssuer, reachesLevel, type Guard } from './warning.guards.js';

export type CommandName = WarningCommand['type'];

/** Clocks that a move starts and stops; the deadlines of domain notes 3.6 hang on them. */
export type ClockName = 'ack' | 'verify' | 'plan';

/** Who may, by colour. */
type Who = Readonly<Record<1 | 2 | 3, readonly Role[]>>;

/** One row of the table in domain notes 3.7. */
export interface Move {
  readonly from: readonly State[];
  readonly command: CommandName;
  readonly who: Who;
  /** All must hold; the first that does not gives the refusal. */
  readonly guards: readonly Guard[];
  /** Every state it may lead to; `same` stays where it is. */
  readonly to: readonly (State | 'same')[];
  readonly starts: readonly ClockName[];
  readonly stops: readonly ClockName[];
  readonly fact: WarningFact['type'];
}

const always = (...roles: readonly Role[]): Who => ({ 1: roles, 2: roles, 3: roles });

/** The first rows of domain notes 3.7: what a warning can go through until it is verified. */
export const moves: readonly Move[] = [
  {
    from: ['none'],
    command: 'evaluate',
    who: always('system'),
    guards: [reachesLevel],
    to: ['candidate'],
    starts: [],
    stops: [],
    fact: 'candidate',
  },
  {
    from: ['candidate'],
    command: 'issue',
    who: { 1: ['system', 'duty-officer'], 2: ['duty-officer'], 3: ['duty-officer'] },
    guards: [],
    to: ['issued'],
    starts: ['ack', 'verify'],
    stops: [],
    fact: 'issued',
  },
  {
    from: ['candidate'],
    command: 'dismiss',
    who: always('duty-officer'),
    guards: [hasReason],
    to: ['dismissed'],
    starts: [],
    stops: [],
    fact: 'dismissed',
  },
  {
    from: ['issued'],
    command: 'acknowledge',
    who: always('owner'),
    guards: [],
    to: ['acknowledged'],
    starts: [],
    stops: ['ack'],
    fact: 'acked',
  },
  {
    from: ['candidate', 'issued', 'acknowledged', 'confirmed'],
    command: 'evaluate',
    who: always('system'),
    guards: [isHigher],
    to: ['same'],
    starts: ['ack', 'verify'],
    stops: [],
    fact: 'escalated',
  },
  {
    from: ['acknowledged'],
    command: 'verify',
    who: always('officer'),
    guards: [isNotIssuer, hasEvidence],
    to: ['confirmed', 'false_alarm', 'acknowledged'],
    starts: ['plan'],
    stops: ['verify'],
    fact: 'verified',
  },
];

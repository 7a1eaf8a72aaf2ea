import type { Role } from './authority.js';
import type { ClockName } from './response.js';
import type { CommandName } from './warning.commands.js';
import type { WarningFact } from './warning.facts.js';
import type { State } from './warning.js';
import * as guards from './warning.guards.js';

/** Who may, by colour. */
type Who = Readonly<Record<1 | 2 | 3, readonly Role[]>>;

/** One row of the table in domain notes 3.7. */
export interface Move {
  readonly from: readonly State[];
  readonly command: CommandName;
  /** Which kind of it, where that decides what follows: the result of `verify`, an `update` that looked at the colour. */
  readonly as?: string;
  readonly who: Who;
  /** Code of the refusal of those who may not. Absent: `WRN_NOT_OWNER`. */
  readonly unless?: 'WRN_LEVEL';
  /** All must hold; the first that does not gives the refusal. */
  readonly guards: readonly guards.Guard[];
  /** `same` stays where it is. */
  readonly to: State | 'same';
  /** Starts anew what runs already. */
  readonly starts: readonly ClockName[];
  /** Those of them that run. */
  readonly stops: readonly ClockName[];
  readonly pauses: readonly ClockName[];
  readonly fact: WarningFact['type'];
}

const always = (...roles: readonly Role[]): Who => ({ 1: roles, 2: roles, 3: roles });

/** A row; what it does not name is empty. */
const move = (
  from: State | readonly State[],
  command: Move['command'],
  to: Move['to'],
  fact: Move['fact'],
  more: Pick<Move, 'who'> & Partial<Move>,
): Move => ({
  ...{ from: typeof from === 'string' ? [from] : from, command, to, fact },
  ...{ guards: [], starts: [], stops: [], pauses: [] },
  ...more,
});

const running: readonly ClockName[] = ['ack', 'verify', 'plan', 'update', 'reassess', 'visits', 'expiry'];
const open: readonly State[] = [
  ...(['candidate', 'issued', 'acknowledged', 'confirmed', 'disposing', 'external', 'monitoring'] as const),
];

/** States in which people owe an answer in time. */
const owing: readonly State[] = ['issued', 'acknowledged', 'confirmed', 'disposing'];

/** The colour goes up: the clocks that run in a state begin again with the budgets of the new colour. */
const rise = (from: State, starts: readonly ClockName[]): Move =>
  move(from, 'evaluate', 'same', 'escalated', { who: always('system'), guards: [guards.isHigher], starts });

/** One colour up, because a clock was missed or an owner says so. */
const escalate = (from: State, who: Who, starts: readonly ClockName[]): Move =>
  move(from, 'escalate', 'same', 'escalated', { who, guards: [guards.isBelowRed], starts });

const raised: readonly Move[] = [
  move('none', 'evaluate', 'candidate', 'candidate', {
    who: always('system'),
    guards: [guards.reachesLevel],
    starts: ['expiry'],
  }),
  move('candidate', 'issue', 'issued', 'issued', {
    who: { 1: ['system', 'duty-officer'], 2: ['duty-officer'], 3: ['duty-officer'] },
    starts: ['ack', 'verify', 'reassess'],
  }),
  move('candidate', 'dismiss', 'dismissed', 'dismissed', {
    who: always('duty-officer'),
    guards: [guards.hasReason],
    stops: running,
  }),
  rise('candidate', []),
  rise('issued', ['ack', 'verify', 'reassess']),
  rise('acknowledged', ['verify', 'reassess']),
  rise('confirmed', ['plan', 'reassess']),
  rise('disposing', ['update', 'reassess']),
  rise('external', []),
  move(['candidate', 'issued'], 'expire', 'expired', 'expired', {
    who: always('system'),
    guards: [guards.isStale],
    stops: running,
  }),
];

const verify = (as: 'confirmed' | 'false' | 'unclear', to: Move['to'], clocks: Partial<Move>): Move =>
  move('acknowledged', 'verify', to, 'verified', {
    as,
    who: always('officer'),
    guards: [guards.isNotIssuer, guards.hasEvidence],
    ...clocks,
  });

const answered: readonly Move[] = [
  move('issued', 'acknowledge', 'acknowledged', 'acked', { who: always('owner'), stops: ['ack', 'expiry'] }),
  escalate('issued', always('system', 'owner'), ['ack', 'verify', 'reassess']),
  escalate('acknowledged', always('system', 'owner'), ['verify', 'reassess']),
  verify('confirmed', 'confirmed', { starts: ['plan', 'reassess'], stops: ['verify'] }),
  verify('false', 'false_alarm', { stops: running }),
  verify('unclear', 'same', { starts: ['verify', 'reassess'] }),
];

const disposed: readonly Move[] = [
  // Here only the system escalates, because of a missed clock: the table of the notes lets owners do so earlier only.
  escalate('confirmed', always('system'), ['plan', 'reassess']),
  escalate('disposing', always('system'), ['update', 'reassess']),
  move('confirmed', 'plan', 'disposing', 'plan_set', {
    who: always('owner'),
    guards: [guards.hasPlan],
    starts: ['update'],
    stops: ['plan'],
  }),
  move(['confirmed', 'disposing'], 'hand-over', 'external', 'handed_over', {
    who: always('owner'),
    guards: [guards.hasReference],
    pauses: ['plan', 'update', 'reassess'],
  }),
  move('disposing', 'update', 'same', 'updated', { as: 'plain', who: always('team'), starts: ['update'] }),
  move('disposing', 'update', 'same', 'updated', {
    as: 'reassessed',
    who: always('team'),
    starts: ['update', 'reassess'],
  }),
  move('disposing', 'link', 'same', 'linked', { who: always('owner') }),
  move('disposing', 'lower', 'same', 'lowered', {
    who: always('owner'),
    unless: 'WRN_LEVEL',
    guards: [guards.isAboveYellow, guards.hasEvidence, guards.hasCooled],
    starts: ['update', 'reassess'],
  }),
  move('disposing', 'monitor', 'monitoring', 'monitoring', {
    who: always('owner'),
    guards: [guards.isYellow, guards.hasEvidence, guards.hasCooled],
    starts: ['visits'],
    stops: ['update', 'reassess'],
  }),
  move('external', 'monitor', 'monitoring', 'monitoring', {
    who: always('owner'),
    guards: [guards.hasEvidence],
    starts: ['visits'],
    stops: ['plan', 'update', 'reassess'],
  }),
];

const settled: readonly Move[] = [
  move(owing, 'supervise', 'same', 'supervised', { who: always('system') }),
  move('monitoring', 'visit', 'same', 'visited', {
    who: always('team'),
    guards: [guards.visitIsDue],
    starts: ['visits'],
  }),
  move('monitoring', 'close', 'closed', 'closed', {
    who: always('owner'),
    guards: [guards.visitsAreDone, guards.hasOutcome],
    stops: running,
  }),
  move(['monitoring', 'closed'], 'reopen', 'disposing', 'reopened', {
    who: always('system', 'owner'),
    guards: [guards.isInWindow],
    starts: ['update', 'reassess'],
    stops: ['visits'],
  }),
  move(open, 'merge', 'merged', 'merged', {
    who: always('owner'),
    guards: [guards.isMergeable],
    stops: running,
  }),
];

/** The life of a warning (domain notes 3.7). */
export const moves: readonly Move[] = [...raised, ...answered, ...disposed, ...settled];

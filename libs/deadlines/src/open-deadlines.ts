import type { Refusal, Timers } from '@linli/kernel';
import { Loop } from '@linli/bus';
import { ALARM_AHEAD_MS, type Alarm, type AlarmTime } from './alarm/alarm.js';
import { Sweeper, type Firing, type Send } from './firing/sweeper.js';
import { ladderFaults } from './ladder/ladder-faults.js';
import { plainLadder, type Ladder } from './ladder/ladder.js';
import type { ClockRules } from './ledger/arm.js';
import type { Calendars } from './ledger/calendars.js';
import type { Favour } from './ledger/deadline.js';
import { Ledger, type LedgerParts } from './ledger/deadlines.js';
import type { DeadlineMove } from './calendars/deadlines-on.js';
import { CalendarImport } from './ledger/import.js';
import type { LedgerHandling } from './ledger/orders.js';
import { moveByPolicy, type PolicyChange, type PolicyNote } from './ledger/policy.js';
import { slaOf, type Sla } from './sla/sla.js';
import type { Claim, DeadlineFigures, DeadlineStore } from './store/deadline-store.js';

/** For who measures deadlines. */
export interface DeadlineWatch {
  /** Rungs that were taken, each with how late: `claimedAt - at`, milliseconds. */
  taken(claims: readonly Claim[]): void;
  failed(what: string, error: unknown): void;
}

export interface DeadlineOptions<Tx> extends Firing {
  /** With `deadlineMigrations` applied. */
  readonly store: DeadlineStore<Tx>;
  readonly calendars: Calendars<Tx>;
  /** `(tx, commands) => bus.send(tx, commands)` */
  readonly send: Send<Tx>;
  /** `backlogOf(bus, topic)`; absent: never throttled. */
  readonly backlog?: () => Promise<number>;
  readonly alarm: Alarm;
  /** Every clock that this service arms, by its name in the rules. */
  readonly clocks: Readonly<Record<string, Favour>>;
  readonly ladders: readonly Ladder[];
  readonly timers?: Timers;
  readonly watch?: DeadlineWatch;
}

/** The deadlines of one service. */
export interface Deadlines<Tx>
  extends
    Pick<Ledger<Tx>, 'arm' | 'armAll' | 'amend' | 'amendAll' | 'reached' | 'counting' | 'fired' | 'explain'>,
    Pick<DeadlineStore<Tx>, 'of' | 'ledger'>,
    Pick<CalendarImport<Tx>, 'moving' | 'move' | 'recompute'> {
  /** Gives deadlines other budgets; see `sla.movedByPolicy` for what it would do. */
  changePolicy(
    handling: LedgerHandling<Tx>,
    change: PolicyChange,
    note: PolicyNote,
  ): Promise<readonly DeadlineMove[] | Refusal>;
  /** What operators ask. */
  readonly sla: Sla<Tx>;
  /** For metrics; `overdue` must be 0. */
  figures(): Promise<DeadlineFigures & { readonly alarmsLost: number }>;
  /** Takes nothing more; resolves when what is being taken is committed. */
  close(): Promise<void>;
}

const REFILL_EVERY_MS = 600_000;
const MOST_ALARMS = 10_000;

const rulesFrom = ({
  clocks,
  ladders,
}: Pick<DeadlineOptions<unknown>, 'clocks' | 'ladders'>): ReadonlyMap<string, ClockRules> => {
  const faults = ladderFaults(ladders, Object.keys(clocks));
  if (faults.length > 0) throw new Error(`deadlines cannot be opened: ${faults.join('; ')}`);
  const known = new Map(ladders.map((ladder) => [ladder.clock, ladder]));
  return new Map(
    Object.entries(clocks).map(([clock, favour]) => [
      clock,
      { favour, ladder: known.get(clock) ?? plainLadder(clock) },
    ]),
  );
};

const nextAlarm = ({ deadlineId, version, round, rung, nextInMs }: Claim): AlarmTime[] =>
  nextInMs === null || nextInMs > ALARM_AHEAD_MS
    ? []
    : [{ deadlineId, version, round, rung: rung + 1, inMs: nextInMs }];

/** What a flushed or new alarm clock does not know any more is set again from time to time. */
const refilling = <Tx>(
  { store, alarm, timers }: DeadlineOptions<Tx>,
  onError: (error: unknown) => void,
): Loop => {
  const setAgain = async (): Promise<boolean> => {
    alarm.set(await store.upcoming(store.reader(), ALARM_AHEAD_MS, MOST_ALARMS));
    return false;
  };
  const times = { everyMs: REFILL_EVERY_MS, longestRestMs: REFILL_EVERY_MS };
  return new Loop(setAgain, { ...times, onError, ...(timers && { timers }) });
};

/**
 * Opens the ledger of a service and begins to fire. Rejects a ladder that can never do what it says, with the reason.
 * Mount it once the bus is open; close it before the bus.
 */
export const openDeadlines = <Tx>(options: DeadlineOptions<Tx>): Deadlines<Tx> => {
  const { store, calendars, alarm, watch } = options;
  const parts: LedgerParts<Tx> = { store, calendars, alarm, rules: rulesFrom(options) };
  const ledger = new Ledger(parts);
  const imports = new CalendarImport(parts, ledger);
  const failed = (what: string) => (error: unknown) => watch?.failed(what, error);
  const refill = refilling(options, failed('setting alarms'));
  const sweeper = new Sweeper({
    ...options,
    onError: failed('sweeping deadlines'),
    onTaken: (claims) => {
      watch?.taken(claims);
      alarm.set(claims.flatMap(nextAlarm));
    },
  });
  alarm.start((id) => sweeper.ring(id));
  sweeper.start();
  refill.start();
  return {
    arm: (...given) => ledger.arm(...given),
    armAll: (...given) => ledger.armAll(...given),
    amend: (...given) => ledger.amend(...given),
    amendAll: (...given) => ledger.amendAll(...given),
    reached: (...given) => ledger.reached(...given),
    counting: (...given) => ledger.counting(...given),
    fired: (...given) => ledger.fired(...given),
    explain: (...given) => ledger.explain(...given),
    of: (...given) => store.of(...given),
    ledger: (...given) => store.ledger(...given),
    moving: (...given) => imports.moving(...given),
    move: (...given) => imports.move(...given),
    recompute: (...given) => imports.recompute(...given),
    changePolicy: (...given) => moveByPolicy(parts, ledger, ...given),
    sla: slaOf(parts),
    figures: async () => ({ ...(await store.figures(store.reader())), alarmsLost: alarm.faults().lost }),
    async close() {
      await alarm.close();
      await Promise.all([sweeper.stop(), refill.stop()]);
    },
  };
};

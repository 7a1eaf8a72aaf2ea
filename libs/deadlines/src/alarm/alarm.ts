/** When a rung is to be looked at. */
export interface AlarmTime {
  readonly deadlineId: string;
  readonly version: number;
  readonly round: number;
  readonly rung: number;
  /** From now, milliseconds. */
  readonly inMs: number;
}

/** Looks whether a deadline is to fire, and fires it; answers in how many milliseconds to ring again, null: not again. */
export type Ring = (deadlineId: string) => Promise<number | null>;

/**
 * Rings near the time at which a deadline fires. A hint and never truth: whoever relies on a time sweeps as well. An
 * alarm may ring early, late, twice or never.
 */
export interface Alarm {
  /** Never throws and never waits. What cannot be set is lost, and counted. The same rung of a version is set once. */
  set(times: readonly AlarmTime[]): void;
  /** Begins to ring. */
  start(ring: Ring): void;
  faults(): { readonly lost: number; readonly last: string | null };
  /** No ring begins any more; resolves when the running ones are over. */
  close(): Promise<void>;
}

/** Alarms are set this far ahead only; the rest waits in the ledger. */
export const ALARM_AHEAD_MS = 2 * 3_600_000;

/** As BullMQ takes it: no colon, no plain number. A rung is part of it, for the one before may still be ringing. */
export const jobIdOf = ({ deadlineId, version, round, rung }: AlarmTime): string =>
  `sla-${deadlineId}-v${version}-r${round}-${rung}`;

/** Counts what an alarm loses. */
export class AlarmFaults {
  lost = 0;
  last: string | null = null;

  note(error: unknown): void {
    this.last = error instanceof Error ? error.message : String(error);
  }

  lose(count: number, error: unknown): void {
    this.lost += count;
    this.note(error);
  }
}

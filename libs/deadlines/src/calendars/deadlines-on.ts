import type { Handling } from '@linli/bus';
import type { WorkingCalendar } from '../calendar/working-calendar.js';

/** One calendar of a tenant, before and after an import. */
export interface CalendarChange {
  readonly tenant: string;
  readonly calendar: string;
  readonly from: WorkingCalendar;
  readonly to: WorkingCalendar;
  /**
   * Names of the tenant's units with a calendar of their own. A deadline of any other unit is reckoned by the default,
   * so a change of `default` is one of all names but these.
   */
  readonly units: readonly string[];
}

/** A deadline and when it is due before and after a change, in milliseconds; null: it stands still. */
export interface DeadlineMove {
  readonly id: string;
  readonly aggregateId: string;
  readonly clock: string;
  readonly from: number | null;
  readonly to: number | null;
}

/**
 * Deadlines that are reckoned by calendars, as whoever keeps them tells it. Which of them may move, and that none moves
 * to a resident's disadvantage, is decided there.
 */
export interface DeadlinesOn<Tx> {
  /** Those whose due time a change would move; changes nothing. */
  moving(tx: Tx, change: CalendarChange): Promise<readonly DeadlineMove[]>;
  /** Tells which move, and has them moved: in the transaction of the import, or by what it sends in it. */
  move(handling: Handling<Tx>, change: CalendarChange): Promise<readonly DeadlineMove[]>;
}

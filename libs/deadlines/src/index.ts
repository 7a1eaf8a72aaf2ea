export { ALARM_AHEAD_MS, type Alarm, type AlarmTime, type Ring } from './alarm/alarm.js';
export { bullmqAlarm, type BullmqAlarmOptions } from './alarm/bullmq-alarm.js';
export { timerAlarm } from './alarm/timer-alarm.js';
export { daysOf } from './calendar/days.js';
export { usualHours, windowsOn } from './calendar/office-hours.js';
export { OutOfCalendar } from './calendar/scale.js';
export { WorkingCalendar, type CalendarDay, type CalendarSpec } from './calendar/working-calendar.js';
export { WorkingCalendars } from './calendars/working-calendars.js';
export type { CalendarChange, DeadlineMove, DeadlinesOn } from './calendars/deadlines-on.js';
export { previewImport, type ImportOrder } from './calendars/import-calendar.js';
export { calendarHandlers, mayImport } from './calendars/import-command.js';
export { backlogOf } from './firing/backlog.js';
export type { Firing, Send } from './firing/sweeper.js';
export { ladderFaults } from './ladder/ladder-faults.js';
export { Ladder, plainLadder, Point, Rung } from './ladder/ladder.js';
export type { PlannedRung } from './ladder/plan.js';
export type { Amendment } from './ledger/amendment.js';
export type { NewDeadline } from './ledger/arm.js';
export { calendarsFrom, MemoryCalendars, type Calendars } from './ledger/calendars.js';
export {
  inTime,
  isSuspended,
  nextAt,
  type Deadline,
  type DeadlineState,
  type Extension,
  type Favour,
  type LedgerEntry,
  type Note,
} from './ledger/deadline.js';
export type { AmendOrder, ArmOrder, Changed, LedgerHandling, LedgerWriting } from './ledger/orders.js';
export type { Recomputed } from './ledger/import.js';
export type { BudgetsFor, PolicyChange, PolicyNote } from './ledger/policy.js';
export { deadlineView, explanationView } from './ledger/view.js';
export { openDeadlines, type DeadlineOptions, type Deadlines, type DeadlineWatch } from './open-deadlines.js';
export { explain, type Explained, type Interval } from './reckoning/explain.js';
export { previewOf } from './reckoning/preview.js';
export { reckon, type Reckoned, type Terms } from './reckoning/reckon.js';
export type { Suspension } from './reckoning/suspension.js';
export type { Sla } from './sla/sla.js';
export { movingOf, whatIf } from './sla/what-if.js';
export type { CalendarStore, NewCalendar, StoredCalendar } from './store/calendar-store.js';
export type { Claim, DeadlineFigures, DeadlineStore, Saved } from './store/deadline-store.js';
export type { ClockCount, SlaFilter, SlaItemFilter, SlaPlace } from './store/sla-reads.js';
export { memoryCalendarStore } from './store/memory-calendar-store.js';
export { memoryDeadlineStore } from './store/memory/memory-deadlines.js';
export { calendarMigrations } from './store/migrations.js';
export { deadlineMigrations } from './store/postgres/migrations.js';
export type { ShownInSql } from './store/postgres/firing-statements.js';
export { postgresDeadlineStore } from './store/postgres/postgres-deadlines.js';
export { postgresCalendarStore } from './store/postgres-calendar-store.js';

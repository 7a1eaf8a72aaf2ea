export { HolidayYear } from './calendar/holiday-year.js';
export { OfficeHours, usualHours, windowsOn, Windows } from './calendar/office-hours.js';
export { OutOfCalendar } from './calendar/scale.js';
export { WorkingCalendar, type CalendarDay, type CalendarSpec } from './calendar/working-calendar.js';
export { Budget } from './reckoning/budget.js';
export { explain, type Explained, type Interval } from './reckoning/explain.js';
export { reckon, type Reckoned, type Terms } from './reckoning/reckon.js';
export type { Suspension } from './reckoning/suspension.js';

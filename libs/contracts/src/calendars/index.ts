export {
  CalendarDate,
  CalendarName,
  CalendarVersion,
  DEFAULT_CALENDAR,
  HolidayYear,
  OfficeHours,
  TimeWindow,
  Windows,
} from './calendar.js';
export * from './import.js';
export * from './preview.js';
export * from './views.js';

import { DEFAULT_CALENDAR } from '@linli/contracts';
import { packaged } from '../calendar/content.js';
import { EVERYBODY, type NewCalendar } from './calendar-store.js';

/** What everybody has from the first start on. */
export const seed: NewCalendar = {
  ...{ tenant: EVERYBODY, calendar: DEFAULT_CALENDAR, n: 0, own: packaged, content: packaged },
  sources: packaged.years.flatMap(({ papers }) => papers),
  importedAt: new Date('2026-11-24T00:00:00+08:00'),
  importedBy: 'linli',
};

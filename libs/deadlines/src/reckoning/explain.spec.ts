import { describe, expect, it } from '@jest/globals';
import { at, publishedCalendar, shown } from '../calendar/published.fixture.js';
import { explain } from './explain.js';
import type { Terms } from './reckon.js';

const calendar = publishedCalendar();
const told = (terms: Terms): string[] =>
  explain(terms, calendar).intervals.map(
    ({ from, to, kind, reason }) => `${shown(from)} to ${shown(to)} ${kind}: ${reason}`,
  );

describe('the explanation of a deadline', () => {
  it('names the day of the event, every day that counts, and why others do not', () => {
    expect(
      told({
        budget: { basis: 'working', amount: 2, unit: 'days' },
        from: at('2026-10-09 10:00'),
        suspensions: [{ from: at('2026-10-10 09:00'), to: at('2026-10-10 12:00'), reason: 'appraisal' }],
        roll: true,
      }),
    ).toEqual(
      [
        '2026-10-09 10:00 to 2026-10-09 24:00 skipped: day of the event',
        '2026-10-09 24:00 to 2026-10-10 09:00 skipped: outside office hours',
        '2026-10-10 09:00 to 2026-10-10 12:00 suspended: appraisal',
        '2026-10-10 12:00 to 2026-10-10 14:00 skipped: outside office hours',
        '2026-10-10 14:00 to 2026-10-10 18:00 counted: make-up day (国庆节)',
        '2026-10-10 18:00 to 2026-10-10 24:00 skipped: outside office hours',
        '2026-10-10 24:00 to 2026-10-11 24:00 skipped: rest day',
        '2026-10-11 24:00 to 2026-10-12 09:00 skipped: outside office hours',
        '2026-10-12 09:00 to 2026-10-12 12:00 counted: working day',
        '2026-10-12 12:00 to 2026-10-12 14:00 skipped: outside office hours',
        '2026-10-12 14:00 to 2026-10-12 18:00 counted: working day',
        '2026-10-12 18:00 to 2026-10-12 24:00 skipped: outside office hours',
        '2026-10-12 24:00 to 2026-10-13 09:00 skipped: outside office hours',
        '2026-10-13 09:00 to 2026-10-13 12:00 counted: working day',
        '2026-10-13 12:00 to 2026-10-13 18:00 skipped: granted to the end of the day',
      ].flatMap((line) =>
        line.includes('2026-10-12 18:00 to')
          ? ['2026-10-12 18:00 to 2026-10-13 09:00 skipped: outside office hours']
          : line.startsWith('2026-10-12 24:00')
            ? []
            : [line],
      ),
    );
  });

  it('says what a period of calendar days was rolled over', () => {
    expect(
      told({
        budget: { basis: 'calendar', amount: 30, unit: 'days' },
        from: at('2026-05-20 10:00'),
        suspensions: [],
        roll: true,
      }),
    ).toEqual([
      '2026-05-20 10:00 to 2026-05-20 24:00 skipped: day of the event',
      '2026-05-20 24:00 to 2026-06-19 24:00 counted: calendar day',
      '2026-06-19 24:00 to 2026-06-22 24:00 skipped: rolled on: ended on a 端午节',
    ]);
  });
});

import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { OfficeHours } from '@linli/contracts';
import { packaged, publishedIn, standingOn, textOf, versionOf } from './content.js';
import { differenceOf } from './difference.js';

const day = (date: string, isOffDay = true, name = '元旦') => ({ date, isOffDay, name });
const year2027 = { year: 2027, papers: ['a notice'], days: [day('2027-01-01'), day('2027-01-02', false)] };
const hours = OfficeHours.parse({ windows: [['08:00', '16:00']], source: 'street order 7' });

describe('the content of a calendar', () => {
  it('has one version, in whatever order it was said', () => {
    const said = standingOn(packaged, { hours: null, years: [year2027] });
    const otherwise = {
      hours: said.hours,
      years: said.years.toReversed().map((year) => ({ ...year, days: year.days.toReversed() })),
    };
    expect(versionOf(otherwise)).toBe(versionOf(said));
    expect(versionOf(said)).toBe(createHash('sha256').update(textOf(otherwise)).digest('hex'));
    expect(versionOf(said)).not.toBe(versionOf(packaged));
    const cited = { ...year2027, papers: ['another notice'] };
    expect(versionOf(standingOn(said, { hours: null, years: [cited] }))).not.toBe(versionOf(said));
  });

  it('is what was said last of each year, on top of what it stands on', () => {
    const content = standingOn(packaged, { hours, years: [year2027] });
    expect(content.hours).toBe(hours);
    expect(content.years.map(({ year }) => year)).toEqual([2025, 2026, 2027]);
    expect(publishedIn(packaged)).toEqual([2025, 2026]);
    expect(publishedIn(content)).toEqual([2025, 2026, 2027]);
  });

  it('differs by days that are judged otherwise, and by hours', () => {
    const after = standingOn(packaged, { hours, years: [year2027] });
    expect(differenceOf(packaged, after)).toEqual({
      days: [
        {
          date: '2027-01-01',
          before: { working: true, reason: 'working day', source: null },
          after: { working: false, reason: '元旦', source: 'a notice' },
        },
        {
          date: '2027-01-02',
          before: { working: false, reason: 'rest day', source: null },
          after: { working: true, reason: 'make-up day (元旦)', source: 'a notice' },
        },
      ],
      hours: { before: packaged.hours, after: hours },
    });
    expect(differenceOf(after, after)).toEqual({ days: [], hours: null });
  });
});

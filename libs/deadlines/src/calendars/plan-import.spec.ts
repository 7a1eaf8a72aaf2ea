import { describe, expect, it } from '@jest/globals';
import { CalendarImport, OfficeHours } from '@linli/contracts';
import { packaged } from '../calendar/content.js';
import { ownOf, planImport } from './plan-import.js';

const year = (days: { date: string; name: string; isOffDay: boolean }[]) =>
  ownOf(CalendarImport.parse({ year: 2027, papers: ['a notice'], days }));
const newYear = year([{ date: '2027-01-01', name: '元旦', isOffDay: true }]);
const hours = (from: string) =>
  ownOf(CalendarImport.parse({ hours: { windows: [[from, '17:00']], source: 'an order' } }));
const unit = (calendar: string, own = hours('08:00')) => ({ calendar, own });
const nobody = { everybody: packaged, own: [] };

describe('an import', () => {
  it('replaces the year that it brings, and leaves all else', () => {
    const { changed, named, followers } = planImport(nobody, 'default', newYear);
    expect(changed).toBe(true);
    expect(followers).toEqual([]);
    expect(named.after.hours).toEqual(packaged.hours);
    expect(named.after.years.slice(0, 2)).toEqual(packaged.years.slice(0, 2));
    expect(named.after.years[2]).toEqual({
      year: 2027,
      papers: ['a notice'],
      days: [{ date: '2027-01-01', name: '元旦', isOffDay: true }],
    });
  });

  it('changes nothing when it was said already', () => {
    const [, known] = packaged.years;
    const again = { hours: null, years: known ? [known] : [] };
    expect(planImport(nobody, 'default', again).changed).toBe(false);
    expect(planImport({ ...nobody, own: [unit('street-9')] }, 'street-9', hours('08:00')).changed).toBe(
      false,
    );
  });

  it('into the default reaches the units that stand on it, not those that said it themselves', () => {
    const own = [unit('street-9'), unit('court', newYear)];
    const { named, followers } = planImport({ everybody: packaged, own }, 'default', newYear);
    expect(named.calendar).toBe('default');
    expect(followers.map(({ calendar }) => calendar)).toEqual(['street-9']);
    expect(followers[0]?.after.years[2]?.days).toHaveLength(1);
    expect(followers[0]?.after.hours.windows).toEqual([['08:00', '17:00']]);
  });

  it('into a unit makes its calendar, on top of the default, and touches no other', () => {
    const own = [unit('default', newYear), unit('court')];
    const { changed, named, followers } = planImport(
      { everybody: packaged, own },
      'street-9',
      hours('10:00'),
    );
    expect([changed, followers]).toEqual([true, []]);
    expect(named.before.hours).toEqual(packaged.hours);
    expect(named.after.hours.windows).toEqual([['10:00', '17:00']]);
    expect(named.after.years[2]?.days).toHaveLength(1);
    const nothingNew = { hours: OfficeHours.parse({}), years: [] };
    expect(planImport(nobody, 'street-9', nothingNew).changed).toBe(true);
  });
});

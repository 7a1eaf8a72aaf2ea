import type { Budget } from '@linli/contracts';
import { usualHours } from '../calendar/office-hours.js';
import { packagedYears } from '../calendar/packaged.js';
import { at, publishedCalendar } from '../calendar/published.fixture.js';
import { WorkingCalendar } from '../calendar/working-calendar.js';
import { Ladder } from '../ladder/ladder.js';
import { amend, type Amended } from './amend.js';
import type { Amendment, AmendContext } from './amendment.js';
import { arm, type ClockRules, type NewDeadline } from './arm.js';
import type { Deadline } from './deadline.js';

export const uuid = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

export const calendar = publishedCalendar();

/** 50 %, 80 %, due, then yellow and red after further 100 % each. */
export const escalating = Ladder.parse({
  clock: 'K_HANDLE',
  top: 2,
  rungs: [
    { name: 'half', at: { percent: 50 } },
    { name: 'most', at: { percent: 80 } },
    { name: 'due', at: 'due' },
    { name: 'yellow', at: { percent: 200 }, level: 1 },
    { name: 'red', at: { percent: 300 }, level: 2 },
  ],
});

export const rules: ClockRules = { favour: 'none', ladder: escalating };

export const days = (amount: number, basis: Budget['basis'] = 'working'): Budget => ({
  basis,
  amount,
  unit: 'days',
});
export const hours = (amount: number, basis: Budget['basis'] = 'wall'): Budget => ({
  basis,
  amount,
  unit: 'hours',
});

export const aNewDeadline = (over: Partial<NewDeadline> = {}): NewDeadline => ({
  id: uuid(1),
  tenant: 'yuhang',
  area: '330110003012',
  unit: 'housing',
  aggregateId: uuid(900),
  clock: 'K_HANDLE',
  budget: hours(10),
  from: at('2026-03-02 08:00'),
  calendar: 'city',
  ...over,
});

export const armed = (
  over: Partial<NewDeadline> = {},
  by: Partial<ClockRules> = {},
  on = calendar,
): Deadline => {
  const made = arm(aNewDeadline(over), { ...rules, ...by }, on);
  if ('refusal' in made) throw new Error(made.refusal.code);
  return made.deadline;
};

export const amending = (
  deadline: Deadline,
  amendment: Amendment,
  when: string | number,
  more: Partial<AmendContext> = {},
): ReturnType<typeof amend> => {
  const now = typeof when === 'number' ? when : at(when);
  return amend(deadline, amendment, {
    ...{ rules: { ...rules, favour: deadline.favour }, pinned: calendar, current: calendar },
    ...{ at: now, now, note: { by: 'k-lead', reason: 'because' } },
    ...more,
  });
};

export const amended = (...given: Parameters<typeof amending>): Amended => {
  const done = amending(...given);
  if ('refusal' in done) throw new Error(done.refusal.code);
  return done;
};

/** The next version of the city's calendar: with a notice for 2027, its days off and rest days of work made up. */
export const with2027 = (off: readonly string[], madeUp: readonly string[] = []): WorkingCalendar =>
  new WorkingCalendar({
    version: `2027: ${[...off, ...madeUp].join(' ')}`,
    hours: usualHours,
    years: [
      ...packagedYears.filter(({ year }) => year < 2027),
      {
        year: 2027,
        papers: ['https://example.org/2027'],
        days: [
          ...off.map((date) => ({ name: '元旦', date, isOffDay: true })),
          ...madeUp.map((date) => ({ name: '元旦', date, isOffDay: false })),
        ],
      },
    ],
  });

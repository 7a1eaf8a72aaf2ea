import type { RiskEvent } from '@linli/contracts';

/** Which day of the story has which imperfection: what every real sender does sooner or later. */
const RESENDS_EVERY = 14;
const BREAKS_EVERY = 30;

/** True on the days when the sender missed the answer and sends the day's batch once more. */
export const isResent = (dayOfStory: number): boolean => dayOfStory % RESENDS_EVERY === RESENDS_EVERY - 1;

/** Three items that no system should take, made from a good one: a wrong number, no area, a date that is none. */
export const brokenItems = (good: RiskEvent, dayOfStory: number): unknown[] => {
  if (dayOfStory % BREAKS_EVERY !== BREAKS_EVERY - 1) return [];
  const { area: _, ...withoutArea } = good;
  return [
    { ...good, id: `${good.id}-broken-1`, severity: 9 },
    { ...withoutArea, id: `${good.id}-broken-2` },
    { ...good, id: `${good.id}-broken-3`, occurredAt: '31 September' },
  ];
};

/** An exercise 演练: a gas alarm, for a story whose casework raised no red. */
export const gasDrill = (place: { area: string; grid: string }, occurredAt: string): RiskEvent => ({
  id: `drill-gas-${occurredAt.slice(0, 10)}`,
  source: 'urban-brain',
  category: 'INF-01',
  area: place.area,
  place: { grid: place.grid },
  occurredAt,
  credibility: 1,
  severity: 1,
  confirmed: true,
  triggers: ['gas_alarm'],
  exercise: true,
});

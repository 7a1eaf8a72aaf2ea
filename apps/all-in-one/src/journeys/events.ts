import { DAY } from '@linli/kernel';

/** Areas of one run, so that journeys on one system do not meet: a fresh community code under a fresh street. */
export const freshArea = (): string => {
  const nine = String(Math.floor(Math.random() * 1e6)).padStart(6, '0');
  return `330106${nine}`;
};

let count = 0;
const run = Math.random().toString(36).slice(2, 8);

/** An event as an urban-brain system would post it; the test names only what it is about. */
export const anEvent = (
  over: Record<string, unknown> & { area: string; ageDays?: number },
): Record<string, unknown> => {
  const { ageDays = 0, ...fields } = over;
  count += 1;
  return {
    id: `${run}-${count}`,
    source: `urban-brain-${run}`,
    category: 'DSP-04',
    place: { grid: `${over.area}-05` },
    occurredAt: new Date(Date.now() - ageDays * DAY).toISOString(),
    credibility: 0.8,
    severity: 1,
    party: `resident-${run}-${count}`,
    ...fields,
  };
};

import { riskCategories, riskGroups, type RiskEvent } from '@linli/contracts';
import { DAY, pick, shanghaiTime, type Random } from '@linli/kernel';
import { between, often } from './random.js';

/** Bytes of one event as JSON: what the issue of speed is measured with. */
export const EVENT_BYTES = 400;

/** Stands in ids and in the names of fresh places until a body is sent; then the body's number stands there. */
export const MARK = '########';

export interface EventsOptions {
  readonly random: Random;
  /** Instant at which the events are made. */
  readonly now: number;
  /** Sets the ids of one pool apart from those of another. */
  readonly name: string;
  /** Share of the events that raise a warning, each one a new one; the others keep their place below yellow. */
  readonly rising: number;
}

/**
 * Mild matters that fade within days. With these, ages of 5 to 29 days and low credibility, a place holds thousands of
 * signals and stays below yellow: what rises is said by `rising` alone.
 */
const mild = riskCategories.filter(
  ({ floor, weight, group }) => floor === null && weight <= 3 && riskGroups[group].decayDays <= 3,
);
const districts = ['330102', '330106', '330108'];
/** 60 communities with 8 grids each. */
const areas = districts.flatMap((district) =>
  Array.from(
    { length: 20 },
    (_, n) => `${district}0${String(n + 1).padStart(2, '0')}0${String((n % 9) + 1).padStart(2, '0')}`,
  ),
);
const sources = ['urban-brain', 'grid-app', 'hotline-12345', 'chat', 'opinion'];
const phrases = [
  '楼道堆物影响通行，居民多次反映。',
  '网格员巡查发现，已现场劝导，',
  'Reported again by the neighbour upstairs; ',
  '物业答复三日内处理。',
  'Photo and location attached by the caller. ',
  '请社区跟进并回访。',
];

const place = (area: string, random: Random): NonNullable<RiskEvent['place']> | undefined => {
  const kind = random.next();
  const grid = `${area}-${String(between(random, 1, 8)).padStart(2, '0')}`;
  if (kind < 0.7) return { grid };
  if (kind < 0.8) return { grid, building: `${between(random, 1, 30)}` };
  if (kind < 0.92) return { building: `${between(random, 1, 12)}-${between(random, 1, 4)}` };
  return kind < 0.95 ? { dispute: `case-${between(random, 1, 40)}` } : undefined;
};

const hundredths = (random: Random, from: number, to: number): number => between(random, from, to) / 100;

type Draft = Omit<RiskEvent, 'id' | 'source'>;

const quiet = ({ random, now }: EventsOptions): Draft => {
  const area = pick(random, areas);
  const where = place(area, random);
  return {
    category: often(random, mild).code,
    area,
    ...(where && { place: where }),
    occurredAt: shanghaiTime(now - between(random, 5 * DAY, 29 * DAY)),
    credibility: hundredths(random, 20, 50),
    severity: hundredths(random, 50, 100),
    ...(random.next() < 0.7 && { party: `resident-${area}-${between(random, 1, 2000)}` }),
    ...(random.next() < 0.05 && { vulnerable: true }),
  };
};

/** One strong signal in a building that had none: 45 points, a yellow warning. */
const rising = ({ random, now, name }: EventsOptions, index: string): Draft => ({
  category: 'DSP-02',
  area: pick(random, areas),
  place: { building: `${name}${MARK}-${index}` },
  occurredAt: shanghaiTime(now - between(random, 60_000, 3_600_000)),
  credibility: 1,
  severity: 1.5,
  party: `resident-${between(random, 1, 99_999)}`,
});

/** Fills the text up, so that the event has exactly `EVENT_BYTES` as JSON. */
const filledUp = (event: RiskEvent, random: Random): RiskEvent => {
  const missing = (text: string): number =>
    EVENT_BYTES - Buffer.byteLength(JSON.stringify({ ...event, text }));
  let text = '';
  for (let next = pick(random, phrases); missing(text + next) >= 0; next = pick(random, phrases))
    text += next;
  return { ...event, text: text + '.'.repeat(Math.max(0, missing(text))) };
};

/** `count` events, the same for the same options. */
export const riskEvents = (count: number, options: EventsOptions): RiskEvent[] => {
  const { random, name } = options;
  const every = options.rising > 0 ? Math.round(1 / options.rising) : Infinity;
  return Array.from({ length: count }, (_, n) => {
    const index = String(n % 1000).padStart(3, '0');
    const draft = n % every === 0 && every !== Infinity ? rising(options, index) : quiet(options);
    return filledUp({ id: `${name}${MARK}-${index}`, source: pick(random, sources), ...draft }, random);
  });
};

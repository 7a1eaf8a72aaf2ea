import { pick, type Random } from '@linli/kernel';

/** Where signals come from: three or more of them make a warning. */
export interface Spot {
  readonly area: string;
  readonly grid: string;
  /** Its first signals say that somebody is in danger: a red warning, which a person has to issue. */
  readonly danger: boolean;
}

const DANGER_SHARE = 0.4;
/** District codes of nowhere in particular: 1,000,000 communities are enough for a run. */
const digits = (random: Random): string => String(Math.floor(random.next() * 1e6)).padStart(6, '0');

export const newSpot = (random: Random): Spot => {
  const area = `330106${digits(random)}`;
  return { area, grid: `${area}-05`, danger: random.next() < DANGER_SHARE };
};

/** Makes events with ids of one run. */
export class EventMaker {
  private made = 0;

  constructor(
    private readonly run: string,
    private readonly random: Random,
  ) {}

  get source(): string {
    return `proof-${this.run}`;
  }

  /** Of different people, so that each counts. */
  from(spot: Spot, triggers: readonly string[] = []): Record<string, unknown> & { id: string } {
    this.made += 1;
    return {
      id: `${this.run}-${this.made}`,
      source: this.source,
      category: 'DSP-04',
      area: spot.area,
      place: { grid: spot.grid },
      occurredAt: new Date().toISOString(),
      credibility: 0.8,
      party: `${this.run}-party-${this.made}`,
      triggers,
    };
  }

  /** Enough for a warning. */
  firstOf(spot: Spot): (Record<string, unknown> & { id: string })[] {
    return [1, 2, 3, 4].map(() => this.from(spot, spot.danger ? ['immediate_danger'] : []));
  }

  /** A batch from spots that are known, in which an event may come twice. */
  batch(spots: readonly Spot[], size: number): (Record<string, unknown> & { id: string })[] {
    return Array.from({ length: size }, () => this.from(pick(this.random, spots)));
  }
}

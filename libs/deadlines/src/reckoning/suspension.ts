/** A stretch during which a clock stands still; `to` null: it still does. Instants in milliseconds. */
export interface Suspension {
  readonly from: number;
  readonly to: number | null;
  readonly reason: string;
  /** Who let it stand still. */
  readonly by?: string;
}

/** A stretch of time, the end excluded. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly reason: string;
  readonly by?: string;
}

/** In order and apart; where two overlap, the one that began first gives the reason. An open one lasts for ever. */
export const merged = (suspensions: readonly Suspension[]): Stretch[] =>
  suspensions
    .map((one) => ({ ...one, to: one.to ?? Infinity }))
    .filter(({ from, to }) => to > from)
    .toSorted((a, b) => a.from - b.from || a.to - b.to)
    .reduce<Stretch[]>((apart, next) => {
      const end = apart.at(-1)?.to ?? -Infinity;
      return next.to <= end ? apart : [...apart, { ...next, from: Math.max(next.from, end) }];
    }, []);

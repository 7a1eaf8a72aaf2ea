import type { Level, Thresholds } from './colour.js';

/** Everything in the score that somebody may want to set otherwise: versioned data per tenant (domain notes 3.4). */
export interface Parameters {
  readonly version: string;
  /** Where the numbers come from. */
  readonly source: string;
  readonly thresholds: Thresholds;
  /** The D at which the base is 63.2: B = 100 · (1 − e^(−D / saturation)). */
  readonly saturation: number;
  readonly windowDays: number;
  /** τ in days by category group; `*` for a group not named. */
  readonly decayDays: Readonly<Record<string, number>>;
  /** Weights that differ from the catalogue, by category code. */
  readonly weights: Readonly<Record<string, number>>;
  /** One party counts at most this often in one place. */
  readonly partyCap: number;
  readonly repeat: { readonly step: number; readonly most: number };
  readonly vulnerable: number;
  readonly sensitivePeriod: number;
  readonly compound: { readonly perGroup: number; readonly most: number; readonly hours: number };
  /** K of a neighbour grid. */
  readonly neighbour: number;
  /** Credibility from which an unconfirmed signal of a floor-red category gives orange. */
  readonly credible: number;
  readonly anomaly: {
    readonly bonus: number;
    readonly tail: number;
    /** No bonus before the place has this many days of history. */
    readonly historyDays: number;
    /** Whole weeks of baseline before the window. */
    readonly weeks: number;
  };
}

export const parameters202601: Parameters = {
  version: '2026-01',
  source: 'Linli domain notes 3.4',
  thresholds: [40, 60, 80],
  saturation: 2.5,
  windowDays: 30,
  decayDays: {
    DSP: 7,
    MAS: 7,
    SEC: 3,
    FRD: 3,
    FIR: 3,
    INF: 1,
    PRD: 3,
    NAT: 1,
    HLT: 3,
    VUL: 3,
    DIG: 3,
    ENV: 7,
    '*': 3,
  },
  weights: {},
  partyCap: 3,
  repeat: { step: 0.15, most: 4 },
  vulnerable: 1.15,
  sensitivePeriod: 1.2,
  compound: { perGroup: 1.1, most: 1.3, hours: 72 },
  neighbour: 0.5,
  credible: 0.8,
  anomaly: { bonus: 10, tail: 0.01, historyDays: 56, weeks: 52 },
};

/** What the catalogue says about one category; `weight` 1 to 5, `floor` the lowest level for one confirmed signal. */
export interface Category {
  readonly code: string;
  readonly group: string;
  readonly weight: number;
  readonly floor: Level;
}

/** The rules by which places of one category are scored. */
export interface Rule {
  readonly parameters: Parameters;
  readonly weight: number;
  readonly decayDays: number;
  readonly floor: Level;
  /** The level that a named trigger sets by itself; a name not in it sets none (domain notes 3.5). */
  readonly triggers: ReadonlyMap<string, Level>;
}

export const ruleFor = (
  parameters: Parameters,
  category: Category,
  triggers: ReadonlyMap<string, Level>,
): Rule => ({
  parameters,
  weight: parameters.weights[category.code] ?? category.weight,
  decayDays: parameters.decayDays[category.group] ?? parameters.decayDays['*'] ?? 3,
  floor: category.floor,
  triggers,
});

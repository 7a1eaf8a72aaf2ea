/** What a tenant found about the signals of a source: warnings that rested on them and were verified. */
export interface TrackRecord {
  /** Confirmed. */
  readonly right: number;
  /** False alarms. */
  readonly wrong: number;
}

/** Beta distribution of the share of its signals that are right. */
export interface Credibility {
  readonly alpha: number;
  readonly beta: number;
  /** Its mean: what a signal of the source counts for when it does not say itself. */
  readonly mean: number;
}

/** How many cases the default is worth: Beta(8, 2) for real-name petitions (domain notes 3.7), so ten for all. */
const PRIOR_CASES = 10;

/**
 * Credibility of a source after what was found: the Beta prior whose mean is the default of domain notes 3.3, updated by
 * the conjugate rule of the binomial, alpha + right and beta + wrong (Gelman et al., Bayesian Data Analysis, 2.4).
 */
export const learned = (byDefault: number, { right, wrong }: TrackRecord): Credibility => {
  const alpha = PRIOR_CASES * byDefault + right;
  const beta = PRIOR_CASES * (1 - byDefault) + wrong;
  return { alpha, beta, mean: alpha / (alpha + beta) };
};

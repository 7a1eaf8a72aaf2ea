import type { Recomputed, RecomputeRequest } from '@linli/risk';

/** Computes again; opens what it needs and closes it at the end. */
export type Recompute = (request: RecomputeRequest) => Promise<readonly Recomputed[]>;

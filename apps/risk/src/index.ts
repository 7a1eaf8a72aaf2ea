export { risk } from './risk.js';
export { recompute, recomputeIn, type Recomputed, type RecomputeRequest } from './use-cases/recompute.js';

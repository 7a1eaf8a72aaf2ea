export { risk } from './risk.js';
export { recompute, recomputeIn, type Recomputed, type RecomputeRequest } from './recompute.js';

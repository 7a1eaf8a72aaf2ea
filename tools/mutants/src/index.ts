export { mutants } from './mutants.js';
export { patched, Stale, type Check, type Mutant, type Patch } from './mutant.js';

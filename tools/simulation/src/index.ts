export { runSeeds, faultsWithout, type Seeds, type Totals } from './crew.js';
export { run, type Report } from './run.js';

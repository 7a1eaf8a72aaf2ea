export { counted, type Counts } from './counts.js';

export * from './http/json.js';
export { flawsOf } from './http/zod-pipe.js';
export * from './secrets.js';

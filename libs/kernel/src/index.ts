export * from './clock.js';
export * from './group-by.js';
export * from './ids.js';
export * from './random.js';
export * from './refusal.js';
export * from './timers.js';
export * from './shanghai-day.js';
export * from './within.js';

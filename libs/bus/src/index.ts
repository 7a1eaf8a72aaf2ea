export * from './handling.js';
export * from './log/log.js';
export * from './bus.js';

export * from './signals.js';
export * from './secrets.js';
export * from './service.js';

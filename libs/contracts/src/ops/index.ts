export * from './bulk.js';
export * from './commands.js';
export * from './mended.v1.js';
export * from './views.js';

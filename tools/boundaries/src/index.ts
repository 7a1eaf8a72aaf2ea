export * from './check.js';
export * from './projects.js';

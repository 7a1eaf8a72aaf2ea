export * from './transaction.js';
export * from './database.js';

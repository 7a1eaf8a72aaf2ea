import { fileURLToPath } from 'node:url';

/** Jest settings of one tier: native ESM over the compiled output, so that the tests run what ships. */
export const tier = (name, testMatch, more = {}) => ({
  testEnvironment: 'node',
  testMatch,
  transform: {},
  testTimeout: 20_000,
  maxWorkers: 1,
  passWithNoTests: true,
  reporters: ['default', [fileURLToPath(new URL('./tally.mjs', import.meta.url)), { tier: name }]],
  ...more,
});

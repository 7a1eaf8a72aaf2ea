import { tier } from './tools/jest/tier.mjs';

export default tier('unit', ['<rootDir>/dist/**/*.spec.js', '!**/*.int.spec.js', '!**/*.journey.spec.js'], {
  maxWorkers: 2,
});

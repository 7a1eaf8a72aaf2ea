import { tier } from './tools/jest/tier.mjs';

export default tier('int', ['<rootDir>/dist/**/*.int.spec.js'], { testTimeout: 120_000 });

import { tier } from './tools/jest/tier.mjs';

export default tier('journey', ['<rootDir>/dist/**/*.journey.spec.js'], { testTimeout: 180_000 });

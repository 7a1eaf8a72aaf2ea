import { tier } from './tier.mjs';

export default tier('unit', ['<rootDir>/*.spec.mjs']);

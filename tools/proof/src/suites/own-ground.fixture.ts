import { afterAll, beforeAll } from '@jest/globals';
import { unlessUnavailable } from '@linli/testing';
import { ownGround, type OwnGround, type OwnOptions } from '../fleet/ground.js';

/** One ground for all tests of a `describe`; null where none can be had. */
export const ownGroundForTests = (options?: OwnOptions): (() => OwnGround | null) => {
  let ground: OwnGround | null;
  beforeAll(async () => {
    ground = await unlessUnavailable(() => ownGround(options));
  }, 120_000);
  afterAll(() => ground?.stop());
  return () => ground;
};

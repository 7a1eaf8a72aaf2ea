import type { PreviewedInterval } from '@linli/contracts';
import type { Interval } from './explain.js';

/** A stretch as it is shown. */
export const intervalView = ({ from, to, kind, reason }: Interval): PreviewedInterval => ({
  ...{ from: new Date(from).toISOString(), to: new Date(to).toISOString(), kind, reason },
  seconds: (to - from) / 1000,
});

import type { Line } from '../history/history.js';
import { faultOf, type Faults } from './rows.js';

const UNAVAILABLE = 503;

/** Whatever is away, the answer says so: 503, never a 500. */
export const statusFaults = (lines: readonly Line[]): Faults =>
  faultOf(
    'an answer 5xx that is not 503',
    lines
      .filter(({ status }) => status !== null && status >= 500 && status !== UNAVAILABLE)
      .map(({ cmd, status, t }) => ({ cmd, status, t })),
  );

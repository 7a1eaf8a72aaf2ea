import type { Outcome } from '@linli/contracts';
import type { ConsumerParts } from './parts.js';
import type { Told } from './told.js';

/** After a commit: wakes who waits, and does what handlers left for later. Nothing depends on it. */
export const announce = (
  { onCommitted, logger }: Pick<ConsumerParts<unknown, never>, 'onCommitted' | 'logger'>,
  told: Told,
  outcomes: readonly Outcome[],
): void => {
  onCommitted({ outcomes, told: new Set(told.entries.map(({ topic }) => topic)) });
  for (const work of told.works) {
    try {
      work();
    } catch (error) {
      logger.warn({ err: error }, 'work after a commit failed');
    }
  }
};

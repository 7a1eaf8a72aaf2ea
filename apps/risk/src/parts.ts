import type { ServiceParts } from '@linli/service';

/** Injection token of what the service has at hand. */
export const PARTS = Symbol('parts');
export type Parts = ServiceParts;

/** Keys of the texts that may name persons: those of events (sealed by the gateway) and those of officers. */
export const NOTE_PURPOSE = 'risk.note';

/** The ledger of the warnings' deadlines. */
export const deadlinesOf = ({ deadlines }: Pick<Parts, 'deadlines'>): NonNullable<Parts['deadlines']> => {
  if (!deadlines) throw new Error('the risk service keeps deadlines, and has none');
  return deadlines;
};

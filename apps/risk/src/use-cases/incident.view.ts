import type { Incident as View } from '@linli/contracts';
import type { Incident } from '../store/incidents.js';

const iso = (at: number): string => new Date(at).toISOString();

/** An event of record as it is shown. */
export const incidentView = ({ happenedAt, recordedAt, withdrawn, ...incident }: Incident): View => ({
  ...incident,
  happenedAt: iso(happenedAt),
  recordedAt: iso(recordedAt),
  withdrawn: withdrawn && { ...withdrawn, at: iso(withdrawn.at) },
});

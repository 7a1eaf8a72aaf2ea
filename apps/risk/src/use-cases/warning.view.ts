import { colourIn, findCategory, type Warning as View } from '@linli/contracts';
import { response202601, visitDays, visitOpens } from '../domain/response.js';
import type { Warning } from '../domain/warning.js';
import { colourName, scopeView } from '../published.js';
import type { WarningRecord } from '../store/warning.row.js';

const iso = (at: number): string => new Date(at).toISOString();
const isoOrNull = (at: number | null): string | null => (at === null ? null : iso(at));

/** When the next visit may be made; null when none is due. */
const nextVisit = ({ status, monitoredAt, peak, visits }: Warning): number | null => {
  const days = visitDays(response202601, peak)[visits];
  return status === 'monitoring' && monitoredAt !== null && days !== undefined
    ? visitOpens(monitoredAt, days)
    : null;
};

const courseView = (warning: Warning) => ({
  planDue: isoOrNull(warning.planDue),
  external: warning.external,
  links: warning.links.map(({ kind, target }) => ({ kind, id: target })),
  monitoredAt: isoOrNull(warning.monitoredAt),
  visits: warning.visits,
  nextVisit: isoOrNull(nextVisit(warning)),
  outcome: warning.outcome,
  closedAt: isoOrNull(warning.closedAt),
  mergedInto: warning.mergedInto,
});

/** A warning as it is shown. The score is that of its place at the last assessment. */
export const warningView = ({ warning, shown, palette, silencedUntil }: WarningRecord): View => ({
  id: warning.id,
  category: warning.category,
  group: findCategory(warning.category)?.group ?? warning.category.slice(0, 3),
  area: warning.area,
  scope: scopeView(warning.scope),
  exercise: warning.exercise,
  point: shown?.point ? [shown.point.longitude, shown.point.latitude] : null,
  colour: colourName(warning.level),
  colourName: colourIn(palette, colourName(warning.level)),
  score: shown?.assessment.score ?? warning.score,
  status: warning.status,
  version: warning.version,
  supervision: warning.supervision,
  raisedAt: iso(warning.raisedAt),
  issuedAt: isoOrNull(warning.issuedAt),
  acknowledgedAt: isoOrNull(warning.acknowledgedAt),
  acknowledgedBy: warning.acknowledgedBy,
  verifiedAt: isoOrNull(warning.verifiedAt),
  ...courseView(warning),
  silencedUntil: isoOrNull(silencedUntil),
  updatedAt: iso(Math.max(warning.updatedAt, shown?.assessedAt ?? 0)),
  ruleVersion: shown?.assessment.version ?? warning.ruleVersion,
});

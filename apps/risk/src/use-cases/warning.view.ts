import { findCategory, type Warning as View } from '@linli/contracts';
import { colourName, scopeView } from '../published.js';
import type { WarningRecord } from '../store/warning.row.js';

const iso = (at: number): string => new Date(at).toISOString();
const isoOrNull = (at: number | null): string | null => (at === null ? null : iso(at));

/** A warning as it is shown. The score is that of its place at the last assessment. */
export const warningView = ({ warning, shown }: WarningRecord): View => ({
  id: warning.id,
  category: warning.category,
  group: findCategory(warning.category)?.group ?? warning.category.slice(0, 3),
  area: warning.area,
  scope: scopeView(warning.scope),
  point: shown?.point ? [shown.point.longitude, shown.point.latitude] : null,
  colour: colourName(warning.level),
  score: shown?.assessment.score ?? warning.score,
  status: warning.status,
  version: warning.version,
  raisedAt: iso(warning.raisedAt),
  issuedAt: isoOrNull(warning.issuedAt),
  acknowledgedAt: isoOrNull(warning.acknowledgedAt),
  acknowledgedBy: warning.acknowledgedBy,
  verifiedAt: isoOrNull(warning.verifiedAt),
  updatedAt: iso(Math.max(warning.updatedAt, shown?.assessedAt ?? 0)),
  ruleVersion: shown?.assessment.version ?? warning.ruleVersion,
});

import { colourOf, covers, findCategory, type Principal, type WarningExplanation } from '@linli/contracts';
import { DAY, refuse, Refused } from '@linli/kernel';
import type { Database, Transaction } from '@linli/store';
import { contributions, type Contribution } from '../domain/contributions.js';
import { lowering, sentence } from '../domain/lowering.js';
import { assess, type Assessment } from '../domain/score.js';
import {
  asOfOneInstant,
  recomputeWarning,
  signalsOf,
  type Recomputation,
} from '../use-cases/recompute-place.js';
import { openRuleBook } from '../use-cases/rules.js';
import type { StoredSignal } from '../store/events.js';
import type { WarningRecord } from '../store/warning.row.js';
import { warnings } from '../store/warnings.js';
import { warningView } from '../use-cases/warning.view.js';
import { findWarning } from './find-warnings.js';

const MOST_EVENTS = 200;

const plural = (n: number, word: string): string => `${n} ${word}${n === 1 ? '' : 's'}`;

const anomalyReason = ({ count, expected }: Assessment): string =>
  expected === null
    ? 'No baseline to compare with: it takes 56 days of history of this category and grid.'
    : `${plural(count, 'signal')} in the window, ${expected.toFixed(1)} expected.`;

const periodReason = ({ periods }: Assessment): string =>
  periods.length > 0 ? `Sensitive period: ${periods.join(', ')}.` : 'No sensitive period.';

const groupReason = ({ groups }: Assessment): string =>
  groups.length > 0
    ? `Also active in the grid within 72 hours: ${groups.join(', ')}.`
    : 'No other group active.';

/** The factors in the order of domain notes 3.4. */
const factorsOf = (a: Assessment, { parameters, weight, decayDays }: Recomputation['rule']) => [
  {
    name: 'base' as const,
    value: a.base,
    reason: `100 · (1 − e^(−D / ${parameters.saturation})), D ${a.weightedSum.toFixed(3)}, weight ${weight}, decay ${plural(decayDays, 'day')}.`,
  },
  {
    name: 'repeat' as const,
    value: a.repeat,
    reason: `${plural(a.repeats, 'repeat')} beyond ${parameters.partyCap} signals of one party.`,
  },
  {
    name: 'vulnerable' as const,
    value: a.vulnerable,
    reason: a.vulnerable > 1 ? 'A vulnerable person is involved.' : 'No vulnerable person named.',
  },
  { name: 'sensitive_period' as const, value: a.sensitivePeriod, reason: periodReason(a) },
  { name: 'compound' as const, value: a.compound, reason: groupReason(a) },
  { name: 'anomaly' as const, value: a.anomaly, reason: anomalyReason(a) },
];

const eventView = ({ signal, value, counted }: Contribution, nearness: number, t: number) => ({
  source: signal.source,
  id: signal.id,
  occurredAt: new Date(signal.occurredAt).toISOString(),
  ageDays: (t - signal.occurredAt) / DAY,
  credibility: signal.credibility,
  severity: signal.severity,
  nearness,
  value: value * nearness,
  counted,
});

/** Signals of neighbour grids with theirs: they are somebody's, and shown to whom they may be shown. */
const nearSignals = async (
  tx: Transaction,
  { neighbours, shown, rule }: Recomputation,
  principal: Principal,
): Promise<StoredSignal[][]> => {
  const all: StoredSignal[][] = [];
  for (const neighbour of neighbours.filter(({ area }) => covers(principal, area))) {
    all.push(await signalsOf(tx, neighbour, shown.assessment.t, rule));
  }
  return all;
};

const explained = (
  record: WarningRecord,
  found: Recomputation,
  near: readonly StoredSignal[][],
): WarningExplanation => {
  const { rule, shown, tally, around, score, equal, signals } = found;
  const { assessment } = shown;
  const { t } = assessment;
  const all = [
    ...contributions(signals, t, rule).map((one) => eventView(one, 1, t)),
    ...near
      .flatMap((of) => contributions(of, t, rule))
      .map((one) => eventView(one, rule.parameters.neighbour, t)),
  ];
  const now = record.open ? assess(tally, around, t, rule) : assessment;
  return {
    warning: warningView(record),
    assessedAt: new Date(t).toISOString(),
    ruleVersion: assessment.version,
    score: assessment.score,
    weightedSum: assessment.weightedSum,
    factors: factorsOf(assessment, rule),
    colour: {
      byScore: colourOf(assessment.byScore),
      byFloor: colourOf(assessment.byFloor),
      byTrigger: colourOf(assessment.byTrigger),
      triggers: [...assessment.triggers],
    },
    events: all.toSorted((a, b) => b.value - a.value).slice(0, MOST_EVENTS),
    eventsInWindow: all.length,
    recomputed: { score, equal },
    lowering: record.open ? lowering(tally, around, now, rule).map(sentence) : ['It has ended.'],
  };
};

const neverAssessed = (): Refused =>
  new Refused(refuse('WRN_NOT_ASSESSED', 'conflict', 'This warning has no assessment to explain.'));

/**
 * Why a warning has its colour, from its stored events, computed again. The principal must see the warning; the sum may
 * rest on a neighbour grid that it does not see, so the arithmetic is done without its eyes and only shown through them.
 */
export const explain = async (
  database: Database,
  principal: Principal,
  id: string,
): Promise<WarningExplanation> => {
  await findWarning(database, principal, id);
  return database.transaction('http', async (tx) => {
    await asOfOneInstant(tx);
    const record = await warnings.find(tx, principal.tenant, id);
    const book = await openRuleBook(tx, [principal.tenant], Number.MAX_SAFE_INTEGER);
    const found = record && (await recomputeWarning(tx, record, book));
    if (!record || !found || !findCategory(record.warning.category)) throw neverAssessed();
    return explained(record, found, await nearSignals(tx, found, principal));
  });
};

import { DAY, HOUR, MINUTE } from '@linli/kernel';
import { roundHalfUp, type Level } from './colour.js';
import { agree, kappaOf, type Finding, type Pair } from './label-quality.js';
import { budgetOf, response202601, type ResponsePolicy } from './response.js';
import type { Outcome } from './warning.commands.js';
import type { Status } from './warning.js';
import { wilson } from './wilson.js';

/** A warning that ended, as far as accuracy asks. Instants in milliseconds. */
export interface EndedCase {
  readonly status: Status;
  readonly outcome: Outcome | null;
  /** Days of the decay τ of its category: how fast such things go. */
  readonly decayDays: number;
  readonly firstSignalAt: number | null;
  readonly issuedAt: number | null;
  readonly issuedLevel: Level | null;
  readonly onSiteAt: number | null;
  readonly happenedAt: number | null;
  readonly peak: Level;
  readonly handedOver: boolean;
}

/** An event of record that no warning was closed with. */
export interface Incident {
  readonly decayDays: number;
  readonly happenedAt: number;
  /** Of the warning that was about it; null: nobody was warned. */
  readonly issuedAt: number | null;
  /** Of that warning, else of its category and area in the window before. */
  readonly firstSignalAt: number | null;
}

/** What happened, with the warning that was about it or without. */
type Happened = Pick<EndedCase, 'decayDays' | 'happenedAt' | 'issuedAt' | 'firstSignalAt'>;

/** Fewest cases of which a percentage is told (domain notes 3.9). */
const FEWEST = 10;

const percent = (share: number): number => roundHalfUp(share * 100);

export const shareOf = (right: number, of: number) => {
  if (of < FEWEST) return { right, of, percent: null, interval: null };
  const [low, high] = wilson(right, of);
  return {
    right,
    of,
    percent: percent(right / of),
    interval: [percent(low), percent(high)] as [number, number],
  };
};

/** The value below which a share of the sorted values lies, interpolated (type 7 of Hyndman and Fan 1996). */
const quantile = (sorted: readonly number[], share: number): number | null => {
  const at = (sorted.length - 1) * share;
  const [low, high] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
  return low === undefined || high === undefined ? null : low + (high - low) * (at - Math.floor(at));
};

const minutes = (span: number | null): number | null => (span === null ? null : roundHalfUp(span / MINUTE));

const spreadOf = (spans: readonly number[]) => {
  const sorted = spans.toSorted((a, b) => a - b);
  return {
    cases: sorted.length,
    medianMinutes: minutes(quantile(sorted, 0.5)),
    p10Minutes: minutes(quantile(sorted, 0.1)),
  };
};

/** Spans between two instants that are both known. */
const spans = (
  cases: readonly EndedCase[],
  from: (one: EndedCase) => number | null,
  to: (one: EndedCase) => number | null,
): number[] =>
  cases.flatMap((one) => {
    const [begin, end] = [from(one), to(one)];
    return begin === null || end === null ? [] : [end - begin];
  });

/**
 * How long before the event a warning must be issued to count (domain notes 3.9): 24 h disputes and mass, 2 h fraud and
 * fire, 30 min lifelines. Groups that the notes do not name follow those of their decay, as in the score.
 */
export const leastLead = (decayDays: number): number => {
  if (decayDays >= 7) return 24 * HOUR;
  return decayDays >= 3 ? 2 * HOUR : 30 * MINUTE;
};

const issuedAt = (one: EndedCase): number | null => one.issuedAt;
const isFalse = ({ status, outcome }: EndedCase): boolean =>
  status === 'false_alarm' || outcome === 'false_alarm';

const wasInTime = ({ happenedAt, issuedAt: issued, decayDays }: Happened): boolean =>
  happenedAt !== null && issued !== null && happenedAt - issued >= leastLead(decayDays);

const wasHeardBefore = ({ firstSignalAt, happenedAt }: Happened): boolean =>
  firstSignalAt !== null && happenedAt !== null && firstSignalAt < happenedAt;

/** Which policy was in force at an instant. */
export type PolicyAt = (at: number) => ResponsePolicy;

const lengths = { minutes: MINUTE, hours: HOUR, days: DAY } as const;

/** Whether people came within the time of the colour at issue; null: nobody came, or the time is no wall time. */
const onSiteInTime = (
  { onSiteAt, issuedAt: issued, issuedLevel }: EndedCase,
  policyAt: PolicyAt,
): boolean | null => {
  if (onSiteAt === null || issued === null || issuedLevel === null) return null;
  const { basis, amount, unit } = budgetOf(policyAt(onSiteAt), 'verify', issuedLevel);
  return basis === 'wall' ? onSiteAt - issued <= amount * lengths[unit] : null;
};

/** 三早 (domain notes 3.8). */
const earlyOf = (cases: readonly EndedCase[], happened: readonly Happened[], policyAt: PolicyAt) => {
  const closed = cases.filter(({ status }) => status === 'closed');
  const without = closed.filter(({ outcome }) => outcome !== 'event');
  const visits = cases.flatMap((one) => onSiteInTime(one, policyAt) ?? []);
  return {
    found: spreadOf(spans(cases, (one) => one.firstSignalAt, issuedAt)),
    foundBefore: shareOf(happened.filter(wasHeardBefore).length, happened.length),
    engaged: spreadOf(spans(cases, issuedAt, (one) => one.onSiteAt)),
    engagedInTime: shareOf(visits.filter(Boolean).length, visits.length),
    resolved: shareOf(without.length, closed.length),
    settledAtCommunity: shareOf(
      without.filter(({ peak, handedOver }) => peak === 1 && !handedOver).length,
      closed.length,
    ),
  };
};

/** How far officers who verified the same warnings agree. A `second` of null: nobody looked again yet. */
export const agreementOf = (
  looks: readonly { readonly first: Finding; readonly second: Finding | null }[],
) => {
  const pairs = looks.flatMap(({ first, second }): Pair[] => (second === null ? [] : [{ first, second }]));
  const kappa = pairs.length < FEWEST ? null : kappaOf(pairs);
  return {
    asked: looks.length,
    agreed: shareOf(pairs.filter(agree).length, pairs.length),
    kappa: kappa === null ? null : Math.round(kappa * 100) / 100,
  };
};

/** How good the warnings were that ended so, and what else happened (domain notes 3.9). */
export const accuracyOf = (
  cases: readonly EndedCase[],
  incidents: readonly Incident[] = [],
  policyAt: PolicyAt = () => response202601,
) => {
  const byOutcome = (outcome: Outcome): EndedCase[] => cases.filter((one) => one.outcome === outcome);
  const events = byOutcome('event');
  const happened = [...events, ...incidents];
  const imminent = [...events, ...byOutcome('averted')];
  const resolved = byOutcome('resolved').length;
  const falseAlarm = cases.filter(isFalse).length;
  const dismissedAfterIssue = cases.filter(
    (one) => one.status === 'dismissed' && one.issuedAt !== null,
  ).length;
  const right = imminent.length;
  return {
    counts: {
      event: events.length,
      averted: right - events.length,
      resolved,
      falseAlarm,
      dismissedAfterIssue,
      expired: cases.filter(({ status }) => status === 'expired').length,
      incidents: incidents.length,
    },
    precisionStrict: shareOf(right, right + falseAlarm + dismissedAfterIssue),
    precisionConfirmed: shareOf(right + resolved, right + resolved + falseAlarm),
    recall: shareOf(happened.filter(wasInTime).length, happened.length),
    leadTime: spreadOf(spans(imminent, issuedAt, (one) => one.happenedAt)),
    early: earlyOf(cases, happened, policyAt),
  };
};

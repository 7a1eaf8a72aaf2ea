import { describe, expect, it } from '@jest/globals';
import { HOUR, MINUTE } from '@linli/kernel';
import { accuracyOf, agreementOf, leastLead, shareOf, type EndedCase, type PolicyAt } from './accuracy.js';
import { revised } from './policy.js';
import { response202601, type Budget } from './response.js';
import { wilson } from './wilson.js';

const ISSUED = Date.parse('2026-11-23T12:00:00+08:00');
const aCase = (over: Partial<EndedCase> = {}): EndedCase => ({
  status: 'closed',
  outcome: 'resolved',
  decayDays: 7,
  firstSignalAt: ISSUED - 2 * HOUR,
  issuedAt: ISSUED,
  issuedLevel: 1,
  onSiteAt: ISSUED + 3 * HOUR,
  happenedAt: null,
  peak: 1,
  handedOver: false,
  ...over,
});
const times = (n: number, over: Partial<EndedCase> = {}): EndedCase[] =>
  Array.from({ length: n }, () => aCase(over));
const event = { outcome: 'event', happenedAt: ISSUED + 30 * HOUR } as const;
const averted = { outcome: 'averted', happenedAt: ISSUED + 10 * HOUR } as const;

describe('the interval of Wilson', () => {
  // 10 of 11: domain notes 3.9. The others: Newcombe 1998 (Stat Med 17), table I, method 3.
  it.each<[right: number, of: number, low: number, high: number]>([
    [10, 11, 0.623, 0.984],
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('of %i right of %i is %d to %d', (right, of, low, high) => {
    const found = wilson(right, of);
    expect(found[0]).toBeCloseTo(low, 3);
    expect(found[1]).toBeCloseTo(high, 3);
  });
});

describe('a share', () => {
  it('has no percentage below ten cases', () => {
    expect(shareOf(9, 9)).toEqual({ right: 9, of: 9, percent: null, interval: null });
    expect(shareOf(10, 11)).toEqual({ right: 10, of: 11, percent: 90.9, interval: [62.3, 98.4] });
    expect(shareOf(0, 0)).toEqual({ right: 0, of: 0, percent: null, interval: null });
  });
});

describe('the agreement of two officers', () => {
  const alike = Array.from({ length: 7 }, () => ({ first: 'confirmed', second: 'confirmed' }) as const);
  const others = [
    ...([
      { first: 'false', second: 'false' },
      { first: 'confirmed', second: 'false' },
    ] as const),
    { first: 'confirmed', second: null } as const,
  ];

  it('is told in numbers from ten on, of those that were looked at twice', () => {
    expect(agreementOf([...alike, ...others])).toEqual({
      ...{ asked: 10, agreed: { right: 8, of: 9, percent: null, interval: null }, kappa: null },
    });
    // 10 pairs, 9 alike; by chance 0.9 · 0.8 + 0.1 · 0.2 = 0.74.
    expect(agreementOf([...alike, ...alike.slice(0, 1), ...others])).toMatchObject({
      ...{ asked: 11, agreed: { right: 9, of: 10, percent: 90 }, kappa: 0.62 },
    });
  });
});

describe('accuracy', () => {
  const cases = [
    ...times(4, event),
    ...times(2, averted),
    ...times(6),
    ...times(1, { outcome: 'false_alarm' }),
    ...times(2, { status: 'false_alarm', outcome: null }),
    ...times(1, { status: 'dismissed', outcome: null }),
    ...times(3, { status: 'dismissed', outcome: null, issuedAt: null }),
    ...times(5, { status: 'expired', outcome: null, onSiteAt: null }),
  ];
  const found = accuracyOf(cases);

  it('counts what was right, strictly and as confirmed', () => {
    expect(found.counts).toEqual({
      ...{
        event: 4,
        averted: 2,
        resolved: 6,
        falseAlarm: 3,
        dismissedAfterIssue: 1,
        expired: 5,
        incidents: 0,
      },
    });
    expect(found.precisionStrict).toMatchObject({ right: 6, of: 10, percent: 60 });
    expect(found.precisionConfirmed).toMatchObject({ right: 12, of: 15, percent: 80 });
  });

  it('recalls events that were warned of early enough for their kind', () => {
    expect([7, 3, 1].map(leastLead)).toEqual([24 * HOUR, 2 * HOUR, 30 * MINUTE]);
    const late = times(3, { ...event, happenedAt: ISSUED + 23 * HOUR });
    expect(accuracyOf([...times(9, event), ...late]).recall).toMatchObject({ right: 9, of: 12, percent: 75 });
    const fraud = late.map((one) => ({ ...one, decayDays: 3 }));
    expect(accuracyOf([...times(9, event), ...fraud]).recall).toMatchObject({ right: 12, of: 12 });
  });

  it('knows of events that nobody was warned of, or too late', () => {
    const incident = {
      decayDays: 7,
      happenedAt: ISSUED + 24 * HOUR,
      issuedAt: ISSUED,
      firstSignalAt: ISSUED - HOUR,
    };
    const unwarned = { ...incident, issuedAt: null };
    const late = { ...incident, happenedAt: ISSUED + 23 * HOUR };
    const unheard = { ...unwarned, firstSignalAt: null };
    const after = { ...unwarned, firstSignalAt: incident.happenedAt + 1 };
    const { recall, early, counts } = accuracyOf(times(8, event), [incident, unwarned, late, unheard, after]);
    expect(recall).toMatchObject({ right: 9, of: 13, percent: 69.2 });
    expect(early.foundBefore).toMatchObject({ right: 11, of: 13 });
    expect(counts).toMatchObject({ event: 8, incidents: 5 });
  });

  it('tells how long before the event, or the action that averted it, it warned', () => {
    expect(found.leadTime).toEqual({ cases: 6, medianMinutes: 1800, p10Minutes: 600 });
    expect(accuracyOf([]).leadTime).toEqual({ cases: 0, medianMinutes: null, p10Minutes: null });
    const two = [aCase({ ...averted }), aCase({ ...averted, happenedAt: ISSUED + 20 * HOUR })];
    expect(accuracyOf(two).leadTime).toEqual({ cases: 2, medianMinutes: 900, p10Minutes: 660 });
  });

  it('tells how early risks were found, engaged and resolved', () => {
    const { early } = found;
    expect(early.found).toMatchObject({ cases: 21, medianMinutes: 120 });
    expect(early.engaged).toMatchObject({ cases: 16, medianMinutes: 180 });
    expect(early.engagedInTime).toMatchObject({ right: 16, of: 16 });
    expect(early.resolved).toMatchObject({ right: 9, of: 13 });
    expect(early.settledAtCommunity).toMatchObject({ right: 9, of: 13 });
    expect(early.foundBefore).toMatchObject({ right: 4, of: 4 });
  });

  it('goes by the policy in force when people came, where that is wall time', () => {
    const policyAt = (verify: Budget): PolicyAt => {
      const clocks = { verify: { 1: verify } };
      return (at) =>
        at < ISSUED + 4 * HOUR
          ? revised(response202601, { version: 'b', source: 's', clocks })
          : response202601;
    };
    const came = [...times(2), ...times(3, { onSiteAt: ISSUED + 5 * HOUR })];
    const inTime = (verify: Budget) => accuracyOf(came, [], policyAt(verify)).early.engagedInTime;
    expect(inTime({ basis: 'wall', amount: 2, unit: 'hours' })).toMatchObject({ right: 3, of: 5 });
    expect(inTime({ basis: 'wall', amount: 1, unit: 'days' })).toMatchObject({ right: 5, of: 5 });
    expect(inTime({ basis: 'working', amount: 1, unit: 'days' })).toMatchObject({ right: 3, of: 3 });
  });

  it('knows the limit of the colour at issue, and what the community did not settle', () => {
    const late = times(10, { issuedLevel: 2, peak: 2 });
    expect(accuracyOf([...late, ...times(2, { handedOver: true })]).early).toMatchObject({
      engagedInTime: { right: 2, of: 12 },
      settledAtCommunity: { right: 0, of: 12 },
      resolved: { right: 12, of: 12 },
    });
  });
});

import { describe, expect, it } from '@jest/globals';
import type { Level } from './colour.js';
import type { Context } from './context.js';
import { decide } from './decide.js';
import type { WarningCommand } from './warning.commands.js';
import {
  actors,
  answerTo,
  aWarning,
  commands,
  context,
  key,
  refusalOf,
  subject,
  type ActorName,
} from './warning.fixture.js';
import { noCourse, type Warning } from './warning.js';

const names = Object.keys(actors) as ActorName[];
const LOW = 'WRN_NOT_OWNER';

describe('a yellow warning', () => {
  it.each<[area: string, prefix: string, level: Level, answer: string]>([
    ['330106003012005', '330106003012005', 1, 'acked'],
    ['33010600301200501', '33010600301200501', 1, LOW],
    ['330106003012005', '330106003012005', 2, LOW],
    ['330106003012005', '330106003', 2, 'acked'],
    ['330106003012005', '330106003', 3, 'acked'],
    ['330106003012005', '3301060030', 3, LOW],
  ])('in area %s is acknowledged by prefix %s at level %i: %s', (area, prefix, level, answer) => {
    const given = context('system', { actor: key('k', ['99', prefix]) });
    expect(answerTo(aWarning('issued', level, { area }), commands.acknowledge, given)).toBe(answer);
  });
});

describe('a place without a warning', () => {
  it('gets a candidate from the system and nothing from anybody else', () => {
    expect(names.map((name) => answerTo(null, commands.evaluate, context(name)))).toEqual([
      'candidate',
      LOW,
      LOW,
      LOW,
      LOW,
      LOW,
      LOW,
    ]);
    for (const command of Object.values(commands).filter(({ type }) => type !== 'evaluate')) {
      const found = names.map((name) => answerTo(null, command, context(name)));
      expect(found).toEqual(names.map(() => 'WRN_NOT_FOUND'));
    }
  });

  it('is not raised without a colour', () => {
    const decision = decide(null, { ...commands.evaluate, level: 0 }, context('system'));
    expect(decision).toMatchObject({ refusal: { code: 'WRN_NO_SCOPE', kind: 'invalid' } });
  });
});

describe('a decision', () => {
  const refusal = (
    warning: Warning,
    command: WarningCommand,
    over: Partial<Context> = {},
    name: ActorName = 'street',
  ) => refusalOf(decide(warning, command, context(name, over)));

  it('refuses a stale version before it looks at the state', () => {
    expect(refusal(aWarning('dismissed'), commands.issue, { expectedVersion: 2 })).toMatchObject({
      code: 'WRN_STALE',
      kind: 'stale',
    });
    expect(refusal(aWarning('issued'), commands.acknowledge, { expectedVersion: 3 })).toBeNull();
  });

  it('names the state and what is allowed there', () => {
    expect(refusal(aWarning('candidate'), commands.acknowledge)?.detail).toBe(
      'Cannot acknowledge in state candidate; allowed there: issue, dismiss, merge.',
    );
    expect(refusal(aWarning('dismissed'), commands.acknowledge)?.detail).toBe(
      'Cannot acknowledge in state dismissed; allowed there: none.',
    );
  });

  it('escalates upwards only', () => {
    expect(refusal(aWarning('issued', 3), commands.evaluate, {}, 'system')).toMatchObject({
      code: 'WRN_MAX_LEVEL',
      kind: 'conflict',
    });
  });

  it('needs a reason to dismiss and evidence to verify', () => {
    expect(refusal(aWarning('candidate'), { type: 'dismiss', reason: ' ' })).toMatchObject({
      code: 'WRN_REASON',
      flaws: [{ pointer: '/reason' }],
    });
    expect(
      refusal(aWarning('acknowledged'), { type: 'verify', result: 'false', evidence: ' \n' }),
    ).toMatchObject({ code: 'WRN_EVIDENCE', flaws: [{ pointer: '/evidence' }] });
  });

  it('lets a red warning be verified by another key than the one that issued it; a lower one by any', () => {
    const issuer = { actor: key('k-issuer', null) };
    expect(refusal(aWarning('acknowledged', 3), commands.verify, issuer)).toMatchObject({
      code: 'WRN_SELF_VERIFY',
      kind: 'forbidden',
    });
    expect(refusal(aWarning('acknowledged', 3), commands.verify)).toBeNull();
    expect(refusal(aWarning('acknowledged', 2), commands.verify, issuer)).toBeNull();
  });
});

describe('the life of a warning', () => {
  const step = (warning: Warning | null, command: WarningCommand, name: ActorName): Warning => {
    const decision = decide(warning, command, context(name, { now: 1000 + (warning?.version ?? 0) }));
    if ('refusal' in decision) throw new Error(decision.refusal.code);
    return decision.after;
  };

  it('goes from candidate to confirmed, one version a fact', () => {
    const raised = step(null, { ...commands.evaluate, level: 2 }, 'system');
    const issued = step(raised, commands.issue, 'street');
    const acknowledged = step(issued, commands.acknowledge, 'district');
    const unclear = step(
      acknowledged,
      { type: 'verify', result: 'unclear', evidence: 'nobody in' },
      'community',
    );
    const escalated = step(unclear, commands.evaluate, 'system');
    const confirmed = step(escalated, commands.verify, 'community');
    expect(
      [raised, issued, acknowledged, unclear, escalated, confirmed].map((w) => [
        w.status,
        w.level,
        w.version,
      ]),
    ).toEqual([
      ['candidate', 2, 1],
      ['issued', 2, 2],
      ['acknowledged', 2, 3],
      ['acknowledged', 2, 4],
      ['acknowledged', 3, 5],
      ['confirmed', 3, 6],
    ]);
    expect(confirmed).toEqual({
      ...subject,
      ...noCourse,
      supervision: 0,
      id: 'w-new',
      status: 'confirmed',
      level: 3,
      levelSince: 1004,
      peak: 3,
      score: 88,
      ruleVersion: '2026-01',
      version: 6,
      raisedAt: 1000,
      issuedAt: 1001,
      issuedBy: 'street',
      issuedLevel: 2,
      acknowledgedAt: 1002,
      acknowledgedBy: 'district',
      onSiteAt: 1003,
      verifiedAt: 1005,
      updatedAt: 1005,
    });
  });

  it('ends by a dismissal or a false alarm', () => {
    expect(step(aWarning('candidate'), commands.dismiss, 'street').status).toBe('dismissed');
    const falseAlarm = step(
      aWarning('acknowledged'),
      { type: 'verify', result: 'false', evidence: 'nothing there' },
      'street',
    );
    expect(falseAlarm.status).toBe('false_alarm');
  });
});

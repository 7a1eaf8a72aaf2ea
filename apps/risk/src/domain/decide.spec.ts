import { describe, expect, it } from '@jest/globals';
import type { Actor } from './authority.js';
import type { Level } from './colour.js';
import { decide, type Context } from './decide.js';
import { ended, evolve, type State, type Status, type Warning, type WarningCommand } from './warning.js';
import { moves } from './warning.moves.js';

const subject = {
  placeId: 'place-1',
  generation: 0,
  category: 'DSP-04',
  area: '330106003012',
  scope: { kind: 'grid', name: '330106003012-05' },
} as const;

const aWarning = (status: Status, level: Level = 1, over: Partial<Warning> = {}): Warning => ({
  ...subject,
  id: 'w-1',
  status,
  level,
  score: 51.7,
  ruleVersion: '2026-01',
  version: 3,
  raisedAt: 1,
  issuedAt: null,
  issuedBy: 'k-issuer',
  acknowledgedAt: null,
  acknowledgedBy: null,
  verifiedAt: null,
  updatedAt: 1,
  ...over,
});

const key = (keyId: string, areas: string[] | null): Actor => ({ kind: 'key', keyId, name: keyId, areas });
const actors = {
  system: { kind: 'system' } as Actor,
  everywhere: key('everywhere', null),
  district: key('district', ['330106']),
  street: key('street', ['330106003']),
  community: key('community', ['330106003012']),
  grid: key('grid', ['330106003012005']),
  elsewhere: key('elsewhere', ['330105', '44']),
} as const;
type Name = keyof typeof actors;

const commands = {
  evaluate: { type: 'evaluate', subject, level: 3, score: 88, ruleVersion: '2026-01' },
  issue: { type: 'issue' },
  dismiss: { type: 'dismiss', reason: 'duplicate' },
  acknowledge: { type: 'acknowledge' },
  verify: { type: 'verify', result: 'confirmed', evidence: 'seen on site' },
} as const satisfies Record<string, WarningCommand>;
type Verb = keyof typeof commands;

const context = (name: Name, over: Partial<Context> = {}): Context => ({
  actor: actors[name],
  expectedVersion: null,
  id: 'w-new',
  ...over,
});

const outcome = (warning: Warning | null, verb: Verb, name: Name): string => {
  const decision = decide(warning, commands[verb], context(name));
  return 'refusal' in decision ? decision.refusal.code : decision.fact.type;
};

const verbs = Object.keys(commands) as Verb[];
const names = Object.keys(actors) as Name[];
const WRONG = 'WRN_STATE';
const LOW = 'WRN_NOT_OWNER';
const GONE = 'WRN_NOT_FOUND';

/**
 * What a command gives to system, everywhere, district, street, community, grid, elsewhere. The grid's prefix is longer
 * than the community's code: it does not cover the community.
 */
type Row = readonly string[];
const same = (answer: string): Row => [answer, answer, answer, answer, answer, GONE, GONE];
const bySystem = (fact: string): Row => [fact, LOW, LOW, LOW, LOW, GONE, GONE];
const street = (fact: string): Row => [LOW, fact, fact, fact, LOW, GONE, GONE];

const expectedOrange: Record<Status, Record<Verb, Row>> = {
  candidate: {
    evaluate: bySystem('escalated'),
    issue: street('issued'),
    dismiss: street('dismissed'),
    acknowledge: same(WRONG),
    verify: same(WRONG),
  },
  issued: {
    evaluate: bySystem('escalated'),
    issue: same(WRONG),
    dismiss: same(WRONG),
    acknowledge: street('acked'),
    verify: same(WRONG),
  },
  acknowledged: {
    evaluate: bySystem('escalated'),
    issue: same(WRONG),
    dismiss: same(WRONG),
    acknowledge: same(WRONG),
    verify: [LOW, 'verified', 'verified', 'verified', 'verified', GONE, GONE],
  },
  confirmed: {
    evaluate: bySystem('escalated'),
    issue: same(WRONG),
    dismiss: same(WRONG),
    acknowledge: same(WRONG),
    verify: same(WRONG),
  },
  false_alarm: {
    evaluate: same(WRONG),
    issue: same(WRONG),
    dismiss: same(WRONG),
    acknowledge: same(WRONG),
    verify: same(WRONG),
  },
  dismissed: {
    evaluate: same(WRONG),
    issue: same(WRONG),
    dismiss: same(WRONG),
    acknowledge: same(WRONG),
    verify: same(WRONG),
  },
};

describe('an orange warning', () => {
  for (const status of Object.keys(expectedOrange) as Status[]) {
    it.each(verbs)(`in state ${status} answers %s by who asks`, (verb) => {
      const found = names.map((name) => outcome(aWarning(status, 2), verb, name));
      expect(found).toEqual(expectedOrange[status][verb]);
    });
  }
});

describe('a yellow warning', () => {
  it.each<[Status, Verb, Row]>([
    ['candidate', 'issue', ['issued', 'issued', 'issued', 'issued', 'issued', GONE, GONE]],
    ['candidate', 'dismiss', [LOW, 'dismissed', 'dismissed', 'dismissed', 'dismissed', GONE, GONE]],
    ['issued', 'acknowledge', [LOW, 'acked', 'acked', 'acked', 'acked', GONE, GONE]],
  ])('in state %s answers %s by who asks', (status, verb, row) => {
    expect(names.map((name) => outcome(aWarning(status, 1), verb, name))).toEqual(row);
  });

  it.each<[area: string, prefix: string, level: Level, answer: string]>([
    ['330106003012005', '330106003012005', 1, 'acked'],
    ['33010600301200501', '33010600301200501', 1, LOW],
    ['330106003012005', '330106003012005', 2, LOW],
    ['330106003012005', '330106003', 2, 'acked'],
    ['330106003012005', '330106003', 3, 'acked'],
    ['330106003012005', '3301060030', 3, LOW],
  ])('in area %s is acknowledged by prefix %s at level %i: %s', (area, prefix, level, answer) => {
    const decision = decide(aWarning('issued', level, { area }), commands.acknowledge, {
      actor: key('k', ['99', prefix]),
      expectedVersion: null,
      id: '',
    });
    expect('refusal' in decision ? decision.refusal.code : decision.fact.type).toBe(answer);
  });
});

describe('a place without a warning', () => {
  it('gets a candidate from the system and nothing from anybody else', () => {
    expect(names.map((name) => outcome(null, 'evaluate', name))).toEqual([
      'candidate',
      LOW,
      LOW,
      LOW,
      LOW,
      LOW,
      LOW,
    ]);
    for (const verb of ['issue', 'dismiss', 'acknowledge', 'verify'] as const) {
      expect(names.map((name) => outcome(null, verb, name))).toEqual(names.map(() => GONE));
    }
  });

  it('is not raised without a colour', () => {
    const decision = decide(null, { ...commands.evaluate, level: 0 }, context('system'));
    expect(decision).toMatchObject({ refusal: { code: 'WRN_NO_SCOPE', kind: 'invalid' } });
  });
});

describe('a decision', () => {
  const refusalOf = (
    warning: Warning,
    command: WarningCommand,
    over: Partial<Context> = {},
    name: Name = 'street',
  ) => {
    const decision = decide(warning, command, context(name, over));
    return 'refusal' in decision ? decision.refusal : null;
  };

  it('refuses a stale version before it looks at the state', () => {
    expect(refusalOf(aWarning('dismissed'), commands.issue, { expectedVersion: 2 })).toMatchObject({
      code: 'WRN_STALE',
      kind: 'stale',
    });
    expect(refusalOf(aWarning('issued'), commands.acknowledge, { expectedVersion: 3 })).toBeNull();
  });

  it('names the state and what is allowed there', () => {
    expect(refusalOf(aWarning('candidate'), commands.acknowledge)?.detail).toBe(
      'Cannot acknowledge in state candidate; allowed there: issue, dismiss.',
    );
    expect(refusalOf(aWarning('dismissed'), commands.acknowledge)?.detail).toBe(
      'Cannot acknowledge in state dismissed; allowed there: none.',
    );
  });

  it('escalates upwards only', () => {
    expect(refusalOf(aWarning('issued', 3), commands.evaluate, {}, 'system')).toMatchObject({
      code: 'WRN_MAX_LEVEL',
      kind: 'conflict',
    });
  });

  it('needs a reason to dismiss and evidence to verify', () => {
    expect(refusalOf(aWarning('candidate'), { type: 'dismiss', reason: ' ' })).toMatchObject({
      code: 'WRN_REASON',
      flaws: [{ pointer: '/reason' }],
    });
    expect(
      refusalOf(aWarning('acknowledged'), { type: 'verify', result: 'false', evidence: ' \n' }),
    ).toMatchObject({ code: 'WRN_EVIDENCE', flaws: [{ pointer: '/evidence' }] });
  });

  it('lets a red warning be verified by another key than the one that issued it; a lower one by any', () => {
    const issuer = { actor: key('k-issuer', null) };
    expect(refusalOf(aWarning('acknowledged', 3), commands.verify, issuer)).toMatchObject({
      code: 'WRN_SELF_VERIFY',
      kind: 'forbidden',
    });
    expect(refusalOf(aWarning('acknowledged', 3), commands.verify)).toBeNull();
    expect(refusalOf(aWarning('acknowledged', 2), commands.verify, issuer)).toBeNull();
  });
});

describe('the life of a warning', () => {
  const step = (warning: Warning | null, command: WarningCommand, name: Name): Warning => {
    const decision = decide(warning, command, context(name));
    if ('refusal' in decision) throw new Error(decision.refusal.code);
    return evolve(warning, decision.fact, 1000 + (warning?.version ?? 0));
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
      id: 'w-new',
      status: 'confirmed',
      level: 3,
      score: 88,
      ruleVersion: '2026-01',
      version: 6,
      raisedAt: 1000,
      issuedAt: 1001,
      issuedBy: 'street',
      acknowledgedAt: 1002,
      acknowledgedBy: 'district',
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
    expect([...ended]).toEqual(['false_alarm', 'dismissed']);
  });
});

describe('the table of moves', () => {
  const states: readonly State[] = [
    'none',
    'candidate',
    'issued',
    'acknowledged',
    'confirmed',
    'false_alarm',
    'dismissed',
  ];

  it('reaches every state from nothing', () => {
    const reached = new Set<State>(['none']);
    for (let before = 0; before < reached.size;) {
      before = reached.size;
      const next = moves.filter((move) => move.from.some((from) => reached.has(from)));
      for (const to of next.flatMap((move) => move.to)) if (to !== 'same') reached.add(to);
    }
    expect([...reached].toSorted()).toEqual(states.toSorted());
  });

  it('has at most one row for a command in a state, and none out of an end', () => {
    for (const state of states) {
      const rows = moves.filter((move) => move.from.includes(state)).map((move) => move.command);
      expect(new Set(rows).size).toBe(rows.length);
      if (ended.has(state)) expect(rows).toEqual([]);
    }
  });

  it('leads where it says, and tells the fact it says', () => {
    const tried = states.flatMap((state) =>
      verbs.flatMap((verb) => {
        const warning = state === 'none' ? null : aWarning(state, 1);
        const decision = decide(warning, commands[verb], context(verb === 'evaluate' ? 'system' : 'street'));
        return 'refusal' in decision ? [] : [{ state, warning, ...decision }];
      }),
    );
    expect(tried).toHaveLength(9);
    for (const { state, warning, fact, move } of tried) {
      const after = evolve(warning, fact, 2).status;
      expect(move.to).toContain(after === state ? 'same' : after);
      expect(fact.type).toBe(move.fact);
    }
  });
});

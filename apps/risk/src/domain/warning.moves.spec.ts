import { describe, expect, it } from '@jest/globals';
import { DAY } from '@linli/kernel';
import { decide } from './decide.js';
import type { WarningCommand } from './warning.commands.js';
import {
  actors,
  answerTo,
  aWarning,
  calm,
  commands,
  context,
  NOW,
  type ActorName,
} from './warning.fixture.js';
import { ended, evolve, type State, type Status, type Warning } from './warning.js';
import { moves } from './warning.moves.js';

const names = Object.keys(actors) as ActorName[];
/** All commands, and what else can be meant by those that are told apart. */
const tried = {
  ...commands,
  'verify false': { ...commands.verify, result: 'false' },
  'verify unclear': { ...commands.verify, result: 'unclear' },
  'update reassessed': { ...commands.update, reassessed: true },
} as const satisfies Record<string, WarningCommand>;
type Tried = keyof typeof tried;
const wishes = Object.keys(tried) as Tried[];
const statuses: readonly Status[] = [
  ...(['candidate', 'issued', 'acknowledged', 'confirmed', 'disposing', 'external'] as const),
  ...(['monitoring', 'closed', 'merged', 'expired', 'false_alarm', 'dismissed'] as const),
];

const LOW = 'WRN_NOT_OWNER';
const GONE = 'WRN_NOT_FOUND';

/** Who may: answers of system, everywhere, district, street, community, grid, elsewhere. */
type May = 'system' | 'owner' | 'system or owner' | 'anybody' | 'duty' | 'issuer';
const mayIn = (may: May, level: 1 | 2 | 3): readonly boolean[] => {
  const community = level === 1;
  const byWho: Record<May, readonly boolean[]> = {
    system: [true, false, false, false, false],
    owner: [false, true, true, true, community],
    'system or owner': [true, true, true, true, community],
    anybody: [false, true, true, true, true],
    duty: [false, true, true, true, community],
    issuer: [community, true, true, true, community],
  };
  return byWho[may];
};

interface Row {
  readonly may: May;
  readonly fact: string;
  readonly to: State;
  /** Code for those who may not. */
  readonly low?: string;
  /** Code that a guard gives at a colour, whatever else holds. */
  readonly refused?: Partial<Record<1 | 2 | 3, string>>;
}
const row = (may: May, fact: string, to: State, more: Omit<Row, 'may' | 'fact' | 'to'> = {}): Row => ({
  may,
  fact,
  to,
  ...more,
});

const rises = (state: Status): Row => row('system', 'escalated', state, { refused: { 3: 'WRN_MAX_LEVEL' } });
const escalates = (state: Status): Row =>
  row('system or owner', 'escalated', state, { refused: { 3: 'WRN_MAX_LEVEL' } });
/** Once it is confirmed only time does. */
const missed = (state: Status): Row => row('system', 'escalated', state, { refused: { 3: 'WRN_MAX_LEVEL' } });
const supervises = (state: Status): Row => row('system', 'supervised', state);
const merges = row('owner', 'merged', 'merged');

/** Domain notes 3.7, written out once more. What is not here is WRN_STATE. */
const life: Record<Status, Partial<Record<Tried, Row>>> = {
  candidate: {
    evaluate: rises('candidate'),
    issue: row('issuer', 'issued', 'issued'),
    dismiss: row('duty', 'dismissed', 'dismissed'),
    merge: merges,
    expire: row('system', 'expired', 'expired'),
  },
  issued: {
    evaluate: rises('issued'),
    acknowledge: row('owner', 'acked', 'acknowledged'),
    escalate: escalates('issued'),
    supervise: supervises('issued'),
    merge: merges,
    expire: row('system', 'expired', 'expired', { refused: { 2: 'WRN_NOT_STALE', 3: 'WRN_NOT_STALE' } }),
  },
  acknowledged: {
    evaluate: rises('acknowledged'),
    escalate: escalates('acknowledged'),
    supervise: supervises('acknowledged'),
    verify: row('anybody', 'verified', 'confirmed'),
    'verify false': row('anybody', 'verified', 'false_alarm'),
    'verify unclear': row('anybody', 'verified', 'acknowledged'),
    merge: merges,
  },
  confirmed: {
    evaluate: rises('confirmed'),
    escalate: missed('confirmed'),
    supervise: supervises('confirmed'),
    plan: row('owner', 'plan_set', 'disposing'),
    'hand-over': row('owner', 'handed_over', 'external'),
    merge: merges,
  },
  disposing: {
    evaluate: rises('disposing'),
    escalate: missed('disposing'),
    supervise: supervises('disposing'),
    'hand-over': row('owner', 'handed_over', 'external'),
    update: row('anybody', 'updated', 'disposing'),
    'update reassessed': row('anybody', 'updated', 'disposing'),
    link: row('owner', 'linked', 'disposing'),
    lower: row('owner', 'lowered', 'disposing', { low: 'WRN_LEVEL', refused: { 1: 'WRN_MIN_LEVEL' } }),
    monitor: row('owner', 'monitoring', 'monitoring', {
      refused: { 2: 'WRN_HYSTERESIS', 3: 'WRN_HYSTERESIS' },
    }),
    merge: merges,
  },
  external: {
    evaluate: rises('external'),
    monitor: row('owner', 'monitoring', 'monitoring'),
    merge: merges,
  },
  monitoring: {
    visit: row('anybody', 'visited', 'monitoring'),
    close: row('owner', 'closed', 'closed'),
    reopen: row('system or owner', 'reopened', 'disposing'),
    merge: merges,
  },
  closed: { reopen: row('system or owner', 'reopened', 'disposing') },
  merged: {},
  expired: {},
  false_alarm: {},
  dismissed: {},
};

/** To close takes all visits, to make one takes one that is left. */
const prepared = (status: Status, level: 1 | 2 | 3, wish: Tried): Warning =>
  aWarning(status, level, { visits: wish === 'close' ? 4 : 0 });

const expected = (found: Row | undefined, level: 1 | 2 | 3): string[] => {
  if (!found) return names.map((name) => (name === 'grid' || name === 'elsewhere' ? GONE : 'WRN_STATE'));
  const { may, fact, low = LOW, refused = {} } = found;
  return [...mayIn(may, level).map((allowed) => (allowed ? (refused[level] ?? fact) : low)), GONE, GONE];
};

describe.each([1, 2, 3] as const)('a warning of level %i', (level) => {
  it.each(statuses.flatMap((status) => wishes.map((wish) => [status, wish] as const)))(
    'in state %s answers %s by who asks',
    (status, wish) => {
      const warning = prepared(status, level, wish);
      const found = names.map((name) => answerTo(warning, tried[wish], context(name, { seen: calm })));
      expect(found).toEqual(expected(life[status][wish], level));
    },
  );
});

/** Where a warning can be led by decisions, one each hundred days, and each of them taken: status and colour. */
const reachedBy = (orders: readonly WarningCommand[], whom: readonly ActorName[]): string[] => {
  const known = new Map<string, Warning>();
  const first = [1, 2, 3].map((level) => ({ ...commands.evaluate, level: level as 1 | 2 | 3 }));
  const open: (Warning | null)[] = [null];
  for (let before = open.pop(); before !== undefined; before = open.pop()) {
    const now = (before?.updatedAt ?? NOW) + 100 * DAY;
    for (const order of before ? orders : first) {
      for (const name of whom) {
        const due = order.type === 'plan' ? { ...order, due: now + DAY } : order;
        const decision = decide(before, due, context(name, { now, seen: calm }));
        if ('refusal' in decision) continue;
        const { status, level, peak, visits } = decision.after;
        const key = [status, level, peak, visits].join();
        if (!known.has(key)) open.push(decision.after);
        known.set(key, decision.after);
      }
    }
  }
  return [...new Set([...known.values()].map(({ status, level }) => `${status} ${level}`))].toSorted();
};

describe('the table of moves', () => {
  it('leads where it says', () => {
    for (const status of statuses) {
      for (const [wish, { fact, to, refused, may }] of Object.entries(life[status])) {
        const level = refused?.[1] === undefined ? 1 : 2;
        const warning = prepared(status, level, wish as Tried);
        const name = may === 'system' ? 'system' : 'street';
        const decision = decide(warning, tried[wish as Tried], context(name, { seen: calm }));
        if ('refusal' in decision) throw new Error(`${wish} in ${status}: ${decision.refusal.code}`);
        expect([wish, decision.fact.type, decision.after.status]).toEqual([wish, fact, to]);
        expect(decision.after).toEqual(evolve(warning, decision.fact, context(name).now));
        expect(decision.move.to).toBe(to === status ? 'same' : to);
      }
    }
  });

  it('lets people and the system lead from nothing to every state, at every colour that it may have there', () => {
    const reached = reachedBy(Object.values(tried), ['system', 'street', 'district']);
    expect(reached).toEqual(
      statuses.flatMap((status) => [1, 2, 3].map((level) => `${status} ${level}`)).toSorted(),
    );
  });

  it('has one row for a command in a state and of a kind, and none out of an end', () => {
    for (const state of ['none', ...statuses] as State[]) {
      const rows = moves.filter(({ from }) => from.includes(state));
      const named = rows.map(({ command, as = '' }) => `${command} ${as}`);
      expect(new Set(named).size).toBe(rows.length);
      if (ended.has(state)) expect(rows).toEqual([]);
    }
    expect([...ended].toSorted()).toEqual(['dismissed', 'expired', 'false_alarm', 'merged']);
  });
});

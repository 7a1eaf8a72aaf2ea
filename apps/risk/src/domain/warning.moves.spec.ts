import { describe, expect, it } from '@jest/globals';
import { decide } from './decide.js';
import type { CommandName } from './warning.commands.js';
import { actors, answerTo, aWarning, calm, commands, context, type ActorName } from './warning.fixture.js';
import { ended, evolve, type State, type Status, type Warning } from './warning.js';
import { moves } from './warning.moves.js';

const names = Object.keys(actors) as ActorName[];
const verbs = Object.keys(commands) as CommandName[];
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
const life: Record<Status, Partial<Record<CommandName, Row>>> = {
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
const prepared = (status: Status, level: 1 | 2 | 3, verb: CommandName): Warning =>
  aWarning(status, level, { visits: verb === 'close' ? 4 : 0 });

const expected = (found: Row | undefined, level: 1 | 2 | 3): string[] => {
  if (!found) return names.map((name) => (name === 'grid' || name === 'elsewhere' ? GONE : 'WRN_STATE'));
  const { may, fact, low = LOW, refused = {} } = found;
  return [...mayIn(may, level).map((allowed) => (allowed ? (refused[level] ?? fact) : low)), GONE, GONE];
};

describe.each([1, 2, 3] as const)('a warning of level %i', (level) => {
  it.each(statuses.flatMap((status) => verbs.map((verb) => [status, verb] as const)))(
    'in state %s answers %s by who asks',
    (status, verb) => {
      const warning = prepared(status, level, verb);
      const found = names.map((name) => answerTo(warning, commands[verb], context(name, { seen: calm })));
      expect(found).toEqual(expected(life[status][verb], level));
    },
  );
});

describe('the table of moves', () => {
  it('leads where it says', () => {
    for (const status of statuses) {
      for (const [verb, { fact, to, refused, may }] of Object.entries(life[status])) {
        const level = refused?.[1] === undefined ? 1 : 2;
        const warning = prepared(status, level, verb as CommandName);
        const name = may === 'system' ? 'system' : 'street';
        const decision = decide(warning, commands[verb as CommandName], context(name, { seen: calm }));
        if ('refusal' in decision) throw new Error(`${verb} in ${status}: ${decision.refusal.code}`);
        expect([verb, decision.fact.type, decision.after.status]).toEqual([verb, fact, to]);
        expect(decision.after).toEqual(evolve(warning, decision.fact, context(name).now));
        expect(decision.move.to).toBe(to === status ? 'same' : to);
      }
    }
  });

  it('reaches every state from nothing', () => {
    const reached = new Set<State>(['none']);
    for (let before = 0; before < reached.size;) {
      before = reached.size;
      const next = moves.filter((move) => move.from.some((from) => reached.has(from)));
      for (const { to } of next) if (to !== 'same') reached.add(to);
    }
    expect([...reached].toSorted()).toEqual(['none', ...statuses].toSorted());
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

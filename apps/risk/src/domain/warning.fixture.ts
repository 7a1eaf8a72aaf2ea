import { DAY } from '@linli/kernel';
import type { Actor } from './authority.js';
import type { Level } from './colour.js';
import { contextOf, unseen, type Context, type Seen } from './context.js';
import { decide, type Decision } from './decide.js';
import type { WarningCommand } from './warning.commands.js';
import { noCourse, type Status, type Warning } from './warning.js';

export const NOW = Date.parse('2026-11-23T12:00:00+08:00');

export const subject = {
  placeId: 'place-1',
  generation: 0,
  category: 'DSP-04',
  area: '330106003012',
  scope: { kind: 'grid', name: '330106003012-05' },
  exercise: false,
} as const;

/** A warning that has been in its state for long: what only takes time is there. */
export const aWarning = (status: Status, level: Level = 1, over: Partial<Warning> = {}): Warning => ({
  ...subject,
  ...noCourse,
  id: 'w-1',
  status,
  level,
  levelSince: NOW - 100 * DAY,
  peak: level,
  score: 51.7,
  ruleVersion: '2026-01',
  version: 3,
  raisedAt: NOW - 100 * DAY,
  issuedAt: null,
  issuedBy: 'k-issuer',
  issuedLevel: null,
  acknowledgedAt: null,
  acknowledgedBy: null,
  onSiteAt: null,
  verifiedAt: null,
  monitoredAt: status === 'monitoring' || status === 'closed' ? NOW - 95 * DAY : null,
  closedAt: status === 'closed' ? NOW - 2 * DAY : null,
  updatedAt: NOW - DAY,
  supervision: 0,
  ...over,
});

export const key = (keyId: string, areas: string[] | null): Actor => ({
  kind: 'key',
  keyId,
  name: keyId,
  areas,
});
/** The grid's prefix is longer than the community's code: it does not cover the community. */
export const actors = {
  system: { kind: 'system' } as Actor,
  everywhere: key('everywhere', null),
  district: key('district', ['330106']),
  street: key('street', ['330106003']),
  community: key('community', ['330106003012']),
  grid: key('grid', ['330106003012005']),
  elsewhere: key('elsewhere', ['330105', '44']),
} as const;
export type ActorName = keyof typeof actors;

export const commands = {
  evaluate: { type: 'evaluate', subject, level: 3, score: 88, ruleVersion: '2026-01' },
  issue: { type: 'issue' },
  dismiss: { type: 'dismiss', reason: 'duplicate' },
  acknowledge: { type: 'acknowledge' },
  escalate: { type: 'escalate' },
  verify: { type: 'verify', result: 'confirmed', evidence: 'seen on site' },
  plan: { type: 'plan', measures: ['talk'], people: ['Li'], due: NOW + DAY },
  'hand-over': { type: 'hand-over', body: 'police', reference: '110-1' },
  update: { type: 'update', reassessed: false },
  link: { type: 'link', kind: 'mediation', target: 'm-1' },
  lower: { type: 'lower', evidence: 'pipe mended' },
  monitor: { type: 'monitor', evidence: 'pipe mended' },
  visit: { type: 'visit' },
  close: { type: 'close', outcome: 'resolved', happenedAt: null, panel: [], evidence: [] },
  reopen: { type: 'reopen' },
  merge: { type: 'merge', into: 'w-2', because: 'scope' },
  expire: { type: 'expire' },
  supervise: { type: 'supervise', clock: 'ack', due: NOW, notice: 1 },
} as const satisfies { readonly [C in WarningCommand['type']]: Extract<WarningCommand, { type: C }> };

/** Cool for ever, quiet for long, and beside another open warning of the same scope. */
export const calm: Seen = {
  coolSince: NOW - 50 * DAY,
  newestSignalAt: NOW - 50 * DAY,
  other: aWarning('issued', 1, { id: 'w-2' }),
};

export const context = (name: ActorName, over: Partial<Context> = {}): Context =>
  contextOf({ actor: actors[name], now: NOW, id: 'w-new', seen: unseen, ...over });

export const refusalOf = (decision: Decision) => ('refusal' in decision ? decision.refusal : null);

/** What came of a command: the type of the fact, or the code of the refusal. */
export const answerTo = (warning: Warning | null, command: WarningCommand, given: Context): string => {
  const decision = decide(warning, command, given);
  return 'refusal' in decision ? decision.refusal.code : decision.fact.type;
};

import type { Context } from './context.js';
import type { Level } from './colour.js';
import { supervisionOf, type Supervision } from './response.js';
import type { CommandName, WarningCommand } from './warning.commands.js';
import type { WarningFact } from './warning.facts.js';
import type { Warning } from './warning.js';

type Of<C extends CommandName> = Extract<WarningCommand, { type: C }>;
type Telling<C extends CommandName> = (command: Of<C>, context: Context, warning: Warning) => WarningFact;

const isSystem = ({ actor }: Context): boolean => actor.kind === 'system';
const filled = (texts: readonly string[]): number => texts.filter((text) => text.trim() !== '').length;

/** Raises one, where there is none yet. */
const raisedBy = ({ subject, level, score, ruleVersion }: Of<'evaluate'>, { id }: Context): WarningFact => ({
  ...{ type: 'candidate', id, subject, level, score, ruleVersion },
});

/** What each command comes to, once it is allowed. */
const tellings: { readonly [C in CommandName]: Telling<C> } = {
  evaluate: ({ level, score, ruleVersion }, _context, warning) => ({
    ...{ type: 'escalated', from: warning.level, level, score, ruleVersion, cause: 'score' },
  }),
  issue: (_command, { actor }) => ({ type: 'issued', by: actor.kind === 'key' ? actor.keyId : 'system' }),
  dismiss: ({ reason }) => ({ type: 'dismissed', reason }),
  acknowledge: (_command, { actor }) => ({ type: 'acked', by: actor.kind === 'key' ? actor.name : 'system' }),
  escalate: (_command, context, { level, score, ruleVersion }) => ({
    ...{ type: 'escalated', from: level, level: (level + 1) as Level, score, ruleVersion },
    cause: isSystem(context) ? 'timeout' : 'owner',
  }),
  verify: ({ result }) => ({ type: 'verified', result }),
  plan: ({ due, measures, people }) => ({
    ...{ type: 'plan_set', due, measures: filled(measures), people: filled(people) },
  }),
  'hand-over': ({ body, reference }) => ({ type: 'handed_over', body, reference: reference.trim() }),
  update: ({ reassessed }) => ({ type: 'updated', reassessed }),
  link: ({ kind, target }) => ({ type: 'linked', kind, target }),
  lower: (_command, _context, { level }) => ({ type: 'lowered', from: level, level: (level - 1) as Level }),
  monitor: () => ({ type: 'monitoring' }),
  visit: (_command, _context, { visits }) => ({ type: 'visited', visit: visits + 1 }),
  close: ({ outcome, happenedAt }) => ({ type: 'closed', outcome, happenedAt }),
  reopen: (_command, context) => ({ type: 'reopened', cause: isSystem(context) ? 'signal' : 'owner' }),
  merge: ({ into, because }) => ({ type: 'merged', into, because }),
  expire: () => ({ type: 'expired' }),
  supervise: ({ clock, due, notice }, { policy }, { level }) => ({
    ...{ type: 'supervised', clock, due, notice },
    supervision: Math.max(supervisionOf(policy, level), notice) as Supervision,
  }),
};

/** The fact of a command that is allowed. */
export const factOf = (warning: Warning | null, command: WarningCommand, context: Context): WarningFact => {
  if (command.type === 'evaluate' && !warning) return raisedBy(command, context);
  if (!warning) throw new Error(`${command.type} without a warning`);
  return (tellings[command.type] as Telling<typeof command.type>)(command, context, warning);
};

import { refuse, type Refusal } from '@linli/kernel';
import { actsAs, reachOf, type Actor } from './authority.js';
import { nameOf, type Level } from './colour.js';
import type { State, Warning, WarningCommand, WarningFact } from './warning.js';
import { moves, type Move } from './warning.moves.js';

/** What surrounds a decision: who, which version the client saw (null = any), which id a new warning gets. */
export interface Context {
  readonly actor: Actor;
  readonly expectedVersion: number | null;
  readonly id: string;
}

export type Decision = { readonly fact: WarningFact; readonly move: Move } | { readonly refusal: Refusal };

const stateOf = (warning: Warning | null): State => warning?.status ?? 'none';

/** Commands that are possible in a state, as a person may try them. */
export const allowedIn = (state: State): string[] => [
  ...new Set(
    moves
      .filter((move) => move.from.includes(state) && move.command !== 'evaluate')
      .map((move) => move.command),
  ),
];

const notFound = (): Refusal => refuse('WRN_NOT_FOUND', 'not-found', 'There is no such warning.');

const wrongState = (state: State, command: string): Refusal => {
  const allowed = allowedIn(state).join(', ') || 'none';
  return refuse('WRN_STATE', 'conflict', `Cannot ${command} in state ${state}; allowed there: ${allowed}.`);
};

const stale = (expected: number, version: number): Refusal =>
  refuse('WRN_STALE', 'stale', `The warning is at version ${version}, not ${expected}.`);

const notOwner = (command: string, level: Level): Refusal =>
  refuse(
    'WRN_NOT_OWNER',
    'forbidden',
    `To ${command} a warning of colour ${nameOf(level)} takes a key of ${level === 1 ? 'a grid, a community or above' : 'a street or above'}.`,
  );

/** Hides what the actor may not see: outside of its areas nothing exists. */
const invisible = (warning: Warning | null, command: WarningCommand, actor: Actor): boolean =>
  warning === null ? command.type !== 'evaluate' : reachOf(actor, warning.area) === null;

const levelFor = (warning: Warning | null, command: WarningCommand): 1 | 2 | 3 =>
  Math.max(1, warning?.level ?? (command.type === 'evaluate' ? command.level : 1)) as 1 | 2 | 3;

const factOf = (warning: Warning | null, command: WarningCommand, { actor, id }: Context): WarningFact => {
  const [keyId, name] = actor.kind === 'key' ? [actor.keyId, actor.name] : ['system', 'system'];
  switch (command.type) {
    case 'evaluate': {
      const { subject, level, score, ruleVersion } = command;
      return warning
        ? { type: 'escalated', from: warning.level, level, score, ruleVersion, cause: 'score' }
        : { type: 'candidate', id, subject, level, score, ruleVersion };
    }
    case 'issue':
      return { type: 'issued', by: keyId };
    case 'dismiss':
      return { type: 'dismissed', reason: command.reason };
    case 'acknowledge':
      return { type: 'acked', by: name };
    case 'verify':
    default:
      return { type: 'verified', result: command.result };
  }
};

/** What a command does to a warning: a fact, or a refusal. Asked in this order: visible, fresh, state, role, guards. */
export const decide = (warning: Warning | null, command: WarningCommand, context: Context): Decision => {
  const { actor, expectedVersion } = context;
  if (invisible(warning, command, actor)) return { refusal: notFound() };
  if (warning && expectedVersion !== null && expectedVersion !== warning.version) {
    return { refusal: stale(expectedVersion, warning.version) };
  }
  const state = stateOf(warning);
  const move = moves.find(({ from, command: name }) => from.includes(state) && name === command.type);
  if (!move) return { refusal: wrongState(state, command.type) };
  const level = levelFor(warning, command);
  const area = warning?.area ?? '';
  if (!move.who[level].some((role) => actsAs(actor, role, area, level))) {
    return { refusal: notOwner(command.type, level) };
  }
  for (const guard of move.guards) {
    const refusal = guard(warning, command, actor);
    if (refusal) return { refusal };
  }
  return { fact: factOf(warning, command, context), move };
};

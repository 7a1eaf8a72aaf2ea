import { refuse, type Refusal } from '@linli/kernel';
import { actsAs, reachOf, type Actor } from './authority.js';
import { clockChanges, type ClockChange } from './clocks.js';
import { nameOf, type Level } from './colour.js';
import type { Context } from './context.js';
import { factOf } from './fact-of.js';
import type { WarningCommand } from './warning.commands.js';
import type { WarningFact } from './warning.facts.js';
import { evolve, type State, type Warning } from './warning.js';
import { moves, type Move } from './warning.moves.js';

export type Decision =
  | {
      readonly fact: WarningFact;
      readonly after: Warning;
      readonly move: Move;
      /** What is to happen to its deadlines. */
      readonly clocks: readonly ClockChange[];
    }
  | { readonly refusal: Refusal };

const stateOf = (warning: Warning | null): State => warning?.status ?? 'none';

const forPeople = ({ who }: Move): boolean =>
  Object.values(who)
    .flat()
    .some((role) => role !== 'system');

/** Commands that are possible in a state, as a person may try them. */
export const allowedIn = (state: State): string[] => [
  ...new Set(
    moves.filter((move) => move.from.includes(state) && forPeople(move)).map((move) => move.command),
  ),
];

const notFound = (): Refusal => refuse('WRN_NOT_FOUND', 'not-found', 'There is no such warning.');

const wrongState = (state: State, command: string): Refusal => {
  const allowed = allowedIn(state).join(', ') || 'none';
  return refuse('WRN_STATE', 'conflict', `Cannot ${command} in state ${state}; allowed there: ${allowed}.`);
};

const stale = (expected: number, version: number): Refusal =>
  refuse('WRN_STALE', 'stale', `The warning is at version ${version}, not ${expected}.`);

const notAllowed = ({ unless, command }: Move, level: Level): Refusal =>
  refuse(
    unless ?? 'WRN_NOT_OWNER',
    'forbidden',
    `To ${command} a warning of colour ${nameOf(level)} takes a key of ${level === 1 ? 'a grid, a community or above' : 'a street or above'}.`,
  );

/** Hides what the actor may not see: outside of its areas nothing exists. */
const invisible = (warning: Warning | null, command: WarningCommand, actor: Actor): boolean =>
  warning === null ? command.type !== 'evaluate' : reachOf(actor, warning.area) === null;

const levelFor = (warning: Warning | null, command: WarningCommand): 1 | 2 | 3 =>
  Math.max(1, warning?.level ?? (command.type === 'evaluate' ? command.level : 1)) as 1 | 2 | 3;

/** Which kind of a command it is, where the table tells them apart. */
const kindOf = (command: WarningCommand): string | undefined => {
  if (command.type === 'verify') return command.result;
  if (command.type === 'update') return command.reassessed ? 'reassessed' : 'plain';
  return undefined;
};

const moveOf = (state: State, command: WarningCommand): Move | undefined => {
  const kind = kindOf(command);
  return moves.find((move) => move.from.includes(state) && move.command === command.type && move.as === kind);
};

/** What a command does to a warning: a fact, or a refusal. Asked in this order: visible, fresh, state, role, guards. */
export const decide = (warning: Warning | null, command: WarningCommand, context: Context): Decision => {
  const { actor, expectedVersion, now, policy } = context;
  if (invisible(warning, command, actor)) return { refusal: notFound() };
  if (warning && expectedVersion !== null && expectedVersion !== warning.version) {
    return { refusal: stale(expectedVersion, warning.version) };
  }
  const move = moveOf(stateOf(warning), command);
  if (!move) return { refusal: wrongState(stateOf(warning), command.type) };
  const level = levelFor(warning, command);
  const area = warning?.area ?? '';
  if (!move.who[level].some((role) => actsAs(actor, role, area, level))) {
    return { refusal: notAllowed(move, level) };
  }
  for (const guard of move.guards) {
    const refusal = guard.check({ warning: warning as Warning, command, context });
    if (refusal) return { refusal };
  }
  const fact = factOf(warning, command, context);
  const after = evolve(warning, fact, now);
  return { fact, after, move, clocks: clockChanges(move, after, policy, now) };
};

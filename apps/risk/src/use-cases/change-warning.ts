import type { Answer, Handling } from '@linli/bus';
import type { Command, Principal } from '@linli/contracts';
import type { Refusal } from '@linli/kernel';
import type { Actor } from '../domain/authority.js';
import { turn, type ClockChange, type Clocks } from '../domain/clocks.js';
import { contextOf } from '../domain/context.js';
import { decide } from '../domain/decide.js';
import type { WarningCommand } from '../domain/warning.commands.js';
import type { WarningFact } from '../domain/warning.facts.js';
import type { Warning } from '../domain/warning.js';
import { answerPlace } from './answer-place.js';
import { askSecondLook } from './ask-second-look.js';
import { creditSources } from './credit-sources.js';
import { turnClocks } from './keep-clocks.js';
import { policyIn } from './policies.js';
import { see } from './see.js';
import { published } from '../published.js';
import { warnings, type Stand } from '../store/warnings.js';
import { warningView } from './warning.view.js';

export const actorOf = ({ keyId, name, areas }: Principal): Actor => ({ kind: 'key', keyId, name, areas });

/** Who changes a warning, by what, and what was written with it (sealed). */
export interface Change {
  readonly actor: Actor;
  /** One after the other, all or none. */
  readonly commands: readonly WarningCommand[];
  readonly sealedNote: string | null;
  /** When it is, if not now: what time brings knows better than the clock of this process. */
  readonly now?: Date;
}

type Told = { readonly fact: WarningFact; readonly after: Warning; readonly clocks: readonly ClockChange[] };

const keep = async (
  { tx }: Handling,
  tenant: string,
  before: Warning | null,
  stand: Stand,
): Promise<void> => {
  if (before) await warnings.save(tx, tenant, stand, before.version);
  else await warnings.add(tx, tenant, stand);
};

/** What each command in turn comes to, or the first refusal. */
const decideAll = async (
  command: Command,
  handling: Handling,
  { actor, commands, now = handling.now }: Change,
  before: Warning | null,
): Promise<readonly Told[] | Refusal> => {
  const { tenant, aggregateId: id, expectedVersion } = command;
  const told: Told[] = [];
  for (const each of commands) {
    const warning = told.at(-1)?.after ?? before;
    const seen = await see(handling, tenant, warning, actor, each);
    const asked = told.length === 0 ? expectedVersion : null;
    const policy = policyIn(handling.tx, tenant);
    const context = contextOf({ actor, now: now.getTime(), expectedVersion: asked, id, seen, policy });
    const decision = decide(warning, each, context);
    if ('refusal' in decision) return decision.refusal;
    told.push(decision);
  }
  return told;
};

const reasonOf = (fact: WarningFact): string =>
  fact.type === 'handed_over' ? `handed over to ${fact.body}` : fact.type.replaceAll('_', ' ');

/** The clocks after what was told; what that is for their deadlines is noted. */
const turnAll = (
  { appendedAt: at, tx }: Handling,
  command: Command,
  actor: Actor,
  told: readonly Told[],
  before: Clocks,
): Clocks =>
  told.reduce((clocks, { fact, after, clocks: changes }) => {
    const turned = turn(clocks, changes);
    turnClocks(tx, after, turned.steps, { command, at, actor, because: reasonOf(fact) });
    return turned.clocks;
  }, before);

/** Decides on a warning, keeps it, tells the facts, turns its clocks, and lets its place know. The one way in which one changes. */
export const changeWarning = async (
  command: Command,
  handling: Handling,
  change: Change,
): Promise<Answer> => {
  const { tx } = handling;
  const { tenant, aggregateId: id } = command;
  const record = await warnings.find(tx, tenant, id);
  const before = record?.warning ?? null;
  const told = await decideAll(command, handling, change, before);
  if ('code' in told) return { refusal: told };
  const after = told.at(-1)?.after;
  if (!after) throw new Error('a change without a command');
  const clocks = turnAll(handling, command, change.actor, told, record?.clocks ?? {});
  await keep(handling, tenant, before, { warning: after, clocks });
  if (change.sealedNote !== null) await warnings.note(tx, { tenant, warning: after }, change.sealedNote);
  const facts = told.map(({ fact }) => fact);
  await creditSources(facts, tenant, after, handling);
  await askSecondLook(facts, tenant, after, change.actor, handling);
  await answerPlace(facts, before, after, handling);
  for (const one of told) handling.tell(published(tenant, one.fact, one.after));
  const changed = await warnings.find(tx, tenant, id);
  if (!changed) throw new Error(`warning ${id} was written and is not there`);
  return { resource: warningView(changed), version: after.version };
};

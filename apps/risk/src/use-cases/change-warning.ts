import type { Answer, Handling } from '@linli/bus';
import type { Command, Principal } from '@linli/contracts';
import type { Actor } from '../domain/authority.js';
import { contextOf } from '../domain/context.js';
import { decide } from '../domain/decide.js';
import type { WarningCommand } from '../domain/warning.commands.js';
import type { WarningFact } from '../domain/warning.facts.js';
import type { Warning } from '../domain/warning.js';
import { answerPlace } from './answer-place.js';
import { askSecondLook } from './ask-second-look.js';
import { creditSources } from './credit-sources.js';
import { see } from './see.js';
import { published } from '../published.js';
import { warnings } from '../store/warnings.js';
import { warningView } from './warning.view.js';

export const actorOf = ({ keyId, name, areas }: Principal): Actor => ({ kind: 'key', keyId, name, areas });

/** Who changes a warning, by what, and what was written with it (sealed). */
export interface Change {
  readonly actor: Actor;
  /** One after the other, all or none. */
  readonly commands: readonly WarningCommand[];
  readonly sealedNote: string | null;
}

type Told = { readonly fact: WarningFact; readonly after: Warning };

const keep = async (
  { tx }: Handling,
  tenant: string,
  before: Warning | null,
  after: Warning,
): Promise<void> => {
  if (before) await warnings.save(tx, tenant, after, before.version);
  else await warnings.add(tx, tenant, after);
};

const tellAll = (told: readonly Told[], tenant: string, handling: Handling): void => {
  for (const { fact, after } of told) handling.tell(published(tenant, fact, after));
};

/** Decides on a warning, keeps it, tells the facts, and lets its place know. The one way in which one changes. */
export const changeWarning = async (
  command: Command,
  handling: Handling,
  change: Change,
): Promise<Answer> => {
  const { tx, now } = handling;
  const { tenant, aggregateId: id, expectedVersion } = command;
  const before = (await warnings.find(tx, tenant, id))?.warning ?? null;
  let after = before;
  const told: Told[] = [];
  for (const each of change.commands) {
    const { actor } = change;
    const seen = await see(handling, tenant, after, actor, each);
    const asked = after === before ? expectedVersion : null;
    const context = contextOf({ actor, now: now.getTime(), expectedVersion: asked, id, seen });
    const decision = decide(after, each, context);
    if ('refusal' in decision) return { refusal: decision.refusal };
    ({ after } = decision);
    told.push({ fact: decision.fact, after });
  }
  if (!after) throw new Error('a change without a command');
  await keep(handling, tenant, before, after);
  if (change.sealedNote !== null) await warnings.note(tx, { tenant, warning: after }, change.sealedNote);
  const facts = told.map(({ fact }) => fact);
  await creditSources(facts, tenant, after, handling);
  await askSecondLook(facts, tenant, after, change.actor, handling);
  await answerPlace(facts, before, after, handling);
  tellAll(told, tenant, handling);
  const changed = await warnings.find(tx, tenant, id);
  if (!changed) throw new Error(`warning ${id} was written and is not there`);
  return { resource: warningView(changed), version: after.version };
};

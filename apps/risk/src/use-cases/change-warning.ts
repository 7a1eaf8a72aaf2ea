import type { Answer, Handling } from '@linli/bus';
import type { Command, Principal } from '@linli/contracts';
import type { Actor } from '../domain/authority.js';
import { decide } from '../domain/decide.js';
import { ended, evolve, type Warning, type WarningCommand, type WarningFact } from '../domain/warning.js';
import { clearPlace } from './clear-place.js';
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

/** Decides on a warning, keeps it, tells the facts, and clears its place when it ended. The one way in which one changes. */
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
    const context = { actor: change.actor, expectedVersion: after === before ? expectedVersion : null, id };
    const decision = decide(after, each, context);
    if ('refusal' in decision) return { refusal: decision.refusal };
    after = evolve(after, decision.fact, now.getTime());
    told.push({ fact: decision.fact, after });
  }
  if (!after) throw new Error('a change without a command');
  await keep(handling, tenant, before, after);
  if (change.sealedNote !== null) await warnings.note(tx, { tenant, warning: after }, change.sealedNote);
  if (ended.has(after.status)) await clearPlace(after, handling);
  tellAll(told, tenant, handling);
  const changed = await warnings.find(tx, tenant, id);
  if (!changed) throw new Error(`warning ${id} was written and is not there`);
  return { resource: warningView(changed), version: after.version };
};

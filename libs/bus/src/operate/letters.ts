import type { OpsEffect, OpsResult } from '@linli/contracts';
import type { StoredLetter } from '../store/operate-store.js';
import type { Act, Acting } from './act.js';
import { apart } from './apart.js';
import { itemsIn, replayLetter, type Replayed } from './replay-letter.js';
import type { Target } from './target.js';

type Told = Pick<OpsResult, 'effect' | 'detail' | 'messages' | 'remaining'>;

const MOST_SHOWN = 50;

const nothing = (detail: string): Told => ({ effect: 'nothing', detail, messages: [], remaining: 0 });

/** Why there is nothing to do any more. */
const ended = ({ state, endedAt, endedBy, endedReason }: StoredLetter): Told =>
  nothing(`it was ${state} at ${endedAt?.toISOString()} by ${endedBy}: ${endedReason}`);

const sayReplayed = (replayed: Replayed): Told => {
  if ('fault' in replayed)
    return { effect: 'failed', detail: `it failed again: ${replayed.fault}`, messages: [], remaining: 1 };
  const { messages } = replayed;
  const aside = messages.filter(({ status }) => status === 'set-aside').length;
  const effect: OpsEffect = aside > 0 ? 'partly' : 'applied';
  const detail =
    aside > 0
      ? `${messages.length - aside} of ${messages.length} done; the others have dead letters of their own now`
      : `${messages.length} done`;
  return { effect, detail, messages: messages.slice(0, MOST_SHOWN), remaining: aside };
};

const find = async <Tx>(
  { parts, handling }: Acting<Tx>,
  id: string,
): Promise<{ letter: StoredLetter; target: Target<Tx> } | { told: Told }> => {
  const letter = await parts.store.operate.lockLetter(handling.tx, id);
  if (!letter) return { told: nothing('there is no such dead letter (ended ones are kept for 35 days)') };
  if (letter.state !== 'open') return { told: ended(letter) };
  const target = parts.targets.find(({ group }) => group === letter.group);
  return target
    ? { letter, target }
    : {
        told: { ...nothing(`${letter.group} is not consumed here any more`), effect: 'failed', remaining: 1 },
      };
};

export const replayDeadLetter: Act<{ id: string; reason: string }> = async (acting, { id, reason }) => {
  const { parts, handling, by } = acting;
  const found = await find(acting, id);
  if ('told' in found) return found.told;
  const replayed = await replayLetter(parts, handling, found.target, found.letter);
  const { operate } = parts.store;
  if ('fault' in replayed) await operate.failLetter(handling.tx, id, replayed.fault);
  else await operate.endLetter(handling.tx, id, { state: 'replayed', at: handling.now, by, reason });
  return sayReplayed(replayed);
};

/** The row stays; a command that waited for its fate gets a refusal, so that nobody waits for ever. */
export const discardDeadLetter: Act<{ id: string; reason: string }> = async (acting, { id, reason }) => {
  const { parts, handling, by } = acting;
  const found = await find(acting, id);
  if ('told' in found) return found.told;
  const { letter, target } = found;
  const { kind, group } = target;
  const discard = kind.discard?.bind(kind);
  if (discard) {
    const told = await apart(parts, handling, group, async (chunk) => {
      for (const { body } of itemsIn(target, letter)) {
        if ('value' in body) await discard(chunk, body.value, reason);
      }
    });
    if ('fault' in told) return { effect: 'failed', detail: told.fault, messages: [], remaining: 1 };
  }
  await parts.store.operate.endLetter(handling.tx, id, { state: 'discarded', at: handling.now, by, reason });
  return { effect: 'applied', detail: 'it will not be done; the row stays', messages: [], remaining: 0 };
};

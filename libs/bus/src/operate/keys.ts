import { partitionOf, type OpsResult, type Outcome, type ReplayedMessage } from '@linli/contracts';
import type { Chunk } from '../consume/chunk.js';
import type { ParkedMessage } from '../store/bus-store.js';
import type { Parking } from '../store/operate-store.js';
import type { Act, Acting } from './act.js';
import { apart } from './apart.js';
import type { Target } from './target.js';

type Told = Pick<OpsResult, 'effect' | 'detail' | 'messages' | 'remaining'>;
type Replayable<Tx> = Target<Tx> & { readonly replay: NonNullable<Target<Tx>['replay']> };

/** Each message costs a sub-transaction: of those a transaction should not have many. */
const MOST = 50;

const nothing = (detail: string): Told => ({ effect: 'nothing', detail, messages: [], remaining: 0 });

/** What a parked message is called: a command or a fact. */
export const nameIn = (body: string): { id: string | null; type: string | null } => {
  const { commandId, type, fact } = JSON.parse(body) as {
    commandId?: string;
    type?: string;
    fact?: { id: string; type: string };
  };
  return { id: commandId ?? fact?.id ?? null, type: type ?? fact?.type ?? null };
};

const shown = (message: ParkedMessage, outcome: Outcome | undefined): ReplayedMessage => {
  const { id, type } = nameIn(message.body);
  return {
    id: id ?? '?',
    type: type ?? '?',
    status: outcome?.status ?? 'handled',
    code: outcome?.refusal?.code ?? null,
    detail: outcome?.refusal?.detail ?? null,
  };
};

const find = async <Tx>(
  { parts, handling: { tx } }: Acting<Tx>,
  id: string,
): Promise<{ parking: Parking; target: Replayable<Tx> } | { told: Told }> => {
  const parking = await parts.store.operate.parking(tx, id);
  if (!parking) return { told: nothing('it is not parked (any more)') };
  const target = parts.targets.find(({ group }) => group === parking.group);
  if (!target?.replay)
    return { told: { ...nothing(`${parking.group} is not consumed here any more`), effect: 'failed' } };
  const { group, topic } = target;
  const partition = parking.partition ?? partitionOf(parking.key, topic);
  await parts.store.progress.lock(tx, { group, topic: topic.name, partition });
  // Once more under the fence: another operator may have been faster.
  const fenced = await parts.store.operate.parking(tx, id);
  if (!fenced) return { told: nothing('it is not parked (any more)') };
  return { parking: fenced, target: { ...target, replay: target.replay } };
};

/** The oldest message of the key, done and taken away, or why not. */
const step = async <Tx>(
  { parts, handling }: Acting<Tx>,
  group: string,
  message: ParkedMessage,
  work: (chunk: Chunk<Tx>) => Promise<void>,
): Promise<ReplayedMessage | { readonly fault: string }> => {
  const done = await apart(parts, handling, group, async (chunk) => {
    await work(chunk);
    await parts.store.parking.remove(handling.tx, message);
  });
  return 'fault' in done ? done : shown(message, done.outcomes[0]);
};

/** Replays in order until the key is free, one fails again, or it was enough for one transaction. */
const release = async <Tx>(
  acting: Acting<Tx>,
  { parking, target }: { parking: Parking; target: Replayable<Tx> },
  before: readonly ReplayedMessage[] = [],
): Promise<Told> => {
  const { store } = acting.parts;
  const { tx, now } = acting.handling;
  const { group, key } = parking;
  const messages = [...before];
  const told = async (effect: Told['effect'], detail: string): Promise<Told> => {
    const remaining = (await store.operate.parking(tx, parking.id))?.waiting ?? 0;
    return { effect, detail, messages, remaining };
  };
  while (messages.length < MOST) {
    const message = await store.parking.first(tx, group, key);
    if (!message) break;
    const done = await step(acting, group, message, (chunk) => target.replay(chunk, message));
    if ('fault' in done) {
      await store.parking.park(tx, { group, key, since: now, reason: done.fault });
      return told(
        'failed',
        `${messages.length} done, then ${nameIn(message.body).type} failed again: ${done.fault}`,
      );
    }
    messages.push(done);
  }
  if (await store.parking.first(tx, group, key))
    return told('partly', `${messages.length} done; more wait: release it again`);
  await store.parking.unpark(tx, group, key);
  return told('applied', `${messages.length} done; the key is free`);
};

export const releaseParkedKey: Act<{ id: string; reason: string }> = async (acting, { id }) => {
  const found = await find(acting, id);
  return 'told' in found ? found.told : release(acting, found);
};

/** The one that blocks the key gets a refusal; what waits behind it goes on. */
export const discardFirst: Act<{ id: string; reason: string }> = async (acting, { id, reason }) => {
  const found = await find(acting, id);
  if ('told' in found) return found.told;
  const { parking, target } = found;
  const first = await acting.parts.store.parking.first(acting.handling.tx, parking.group, parking.key);
  if (!first) return release(acting, found);
  const discard = target.kind.discard?.bind(target.kind);
  const done = await step(acting, parking.group, first, async (chunk) => {
    const body = JSON.parse(first.body) as unknown;
    if (discard) await discard(chunk, body, reason);
  });
  if ('fault' in done)
    return { effect: 'failed', detail: done.fault, messages: [], remaining: parking.waiting };
  return release(acting, found, [{ ...done, status: 'discarded', code: null, detail: reason }]);
};

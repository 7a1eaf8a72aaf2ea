import { Command, partitionOf, type Outcome } from '@linli/contracts';
import type { ParkedMessage } from '../store/bus-store.js';
import type { NumberedFact } from '../wire/fact-record.js';
import { announce } from './announce.js';
import { Chunk } from './chunk.js';
import type { Commands } from './commands.js';
import type { Facts } from './facts.js';
import type { ConsumerParts } from './parts.js';
import { Told } from './told.js';

/** What came of a release. `fault`: why the key is parked again, with what is left behind it. */
export interface Released {
  readonly replayed: number;
  readonly fault: string | null;
}

/** Runs one parked message; made from a kind of consumer. */
export type Replay<Tx> = (chunk: Chunk<Tx>, message: ParkedMessage) => Promise<void>;

export const replayCommand =
  <Tx>(commands: Commands<Tx>): Replay<Tx> =>
  (chunk, message) =>
    commands.replay(chunk, Command.parse(JSON.parse(message.body)), message);

export const replayFact =
  <Tx>(facts: Facts<Tx>): Replay<Tx> =>
  (chunk, { body, topic, appendedAt }) =>
    facts.replay(chunk, JSON.parse(body) as NumberedFact, { topic, appendedAt, headers: {} });

type ReleaseParts<Tx> = Pick<
  ConsumerParts<Tx, never>,
  'store' | 'clock' | 'ids' | 'tells' | 'classify' | 'onCommitted' | 'group' | 'topic' | 'logger' | 'watch'
> & { readonly replay: Replay<Tx> };

type Step = { readonly outcomes: readonly Outcome[] } | 'empty';

/**
 * The key's oldest message, under the fence of its partition, so that no consumer parks the key or works on it
 * meanwhile; the fence is needed for an empty key too.
 */
const fenced = async <Tx>(
  { store, group, topic }: ReleaseParts<Tx>,
  tx: Tx,
  key: string,
): Promise<ParkedMessage | null> => {
  const seen = await store.parking.first(tx, group, key);
  const partition = seen?.partition ?? partitionOf(key, topic);
  await store.progress.lock(tx, { group, topic: topic.name, partition });
  return store.parking.first(tx, group, key);
};

const replayFirst = async <Tx>(parts: ReleaseParts<Tx>, key: string, told: Told): Promise<Step> =>
  parts.store.transaction('consumer', async (tx) => {
    const { store, group } = parts;
    const message = await fenced(parts, tx, key);
    if (!message) {
      await store.parking.unpark(tx, group, key);
      return 'empty';
    }
    const chunk = new Chunk(tx, store, group, told);
    await parts.replay(chunk, message);
    await store.parking.remove(tx, message);
    if (!(await store.parking.first(tx, group, key))) await store.parking.unpark(tx, group, key);
    await chunk.write();
    return { outcomes: chunk.outcomes };
  });

/** False when somebody else has replayed what was left. */
const parkAgain = <Tx>(parts: ReleaseParts<Tx>, key: string, reason: string): Promise<boolean> =>
  parts.store.transaction('consumer', async (tx) => {
    const { store, group, clock } = parts;
    if (!(await fenced(parts, tx, key))) return false;
    await store.parking.park(tx, { group, key, since: clock.now(), reason });
    return true;
  });

/**
 * Replays what waits behind a parked key, in order, with the original ids, each message in a transaction of its own.
 * Stops at the first that fails again: it stays parked, with all that came after it.
 */
export const releaseKey = async <Tx>(parts: ReleaseParts<Tx>, key: string): Promise<Released> => {
  for (let replayed = 0; ; replayed += 1) {
    const told = new Told(parts.ids, parts.tells, parts.clock.now(), parts.watch);
    try {
      const step = await replayFirst(parts, key, told);
      if (step === 'empty') return { replayed, fault: null };
      announce(parts, told, step.outcomes);
    } catch (error) {
      if (parts.classify(error) === 'transient') throw error;
      const reason = String(error);
      const parked = await parkAgain(parts, key, reason);
      return { replayed, fault: parked ? reason : null };
    }
  }
};

import { partitionOf, type Command, type OpsResult, type Outcome } from '@linli/contracts';
import { announce } from '../consume/announce.js';
import { Chunk } from '../consume/chunk.js';
import { Told } from '../consume/told.js';
import type { OperateParts, Target } from './target.js';

/** Takes back what a preview did. */
class TakenBack extends Error {
  constructor(readonly outcome: Outcome) {
    super('a preview changes nothing');
  }
}

const commandsOf = <Tx>({ service, targets }: OperateParts<Tx>): Target<Tx> => {
  const target = targets.find(({ how }) => how === 'commands');
  if (!target) throw new Error(`${service} takes no commands`);
  return target;
};

/** One command in a transaction of its own, as if it had come out of the log: under the fence, with an outcome. */
const run = async <Tx>(
  parts: OperateParts<Tx>,
  command: Command,
  end: (outcome: Outcome) => Outcome,
): Promise<Outcome> => {
  const { store, clock, ids, tells, watch } = parts;
  const { group, topic, replay } = commandsOf(parts);
  const now = clock.now();
  const told = new Told(ids, tells, now, watch);
  const { outcome, outcomes } = await store.transaction('http', async (tx) => {
    const partition = partitionOf(command.aggregateId, topic);
    await store.progress.lock(tx, { group, topic: topic.name, partition });
    const chunk = new Chunk(tx, store, group, told);
    const place = { topic: topic.name, partition, offset: -1, n: -1 };
    await replay?.(chunk, {
      ...{ group, key: command.aggregateId, ...place, appendedAt: now, body: JSON.stringify(command) },
    });
    const [first] = chunk.outcomes;
    await chunk.write();
    const [known] = first ? [first] : await store.outcomes.find(tx, [command.commandId]);
    if (!known) throw new Error(`no outcome of ${command.commandId}`);
    return { outcome: end(known), outcomes: chunk.outcomes };
  });
  announce(parts, told, outcomes);
  return outcome;
};

/** For what cannot travel in the log: a partition that is halted delivers no command. The same command does it once. */
export const runByHand = <Tx>(parts: OperateParts<Tx>, command: Command): Promise<Outcome> =>
  run(parts, command, (outcome) => outcome);

/** What a command would do: it is done, and taken back. */
export const preview = async <Tx>(parts: OperateParts<Tx>, command: Command): Promise<Outcome> => {
  try {
    return await run(parts, command, (outcome) => {
      throw new TakenBack(outcome);
    });
  } catch (error) {
    if (!(error instanceof TakenBack)) throw error;
    const { outcome } = error;
    const resource = outcome.resource as OpsResult | null;
    return { ...outcome, resource: resource && { ...resource, dryRun: true } };
  }
};

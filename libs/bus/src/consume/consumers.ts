import { systemTimers, type Timers } from '@linli/kernel';
import type { BusState, Consumes } from '../bus.js';
import type { Log } from '../log/log.js';
import type { Signer } from '../wire/signer.js';
import { Commands } from './commands.js';
import { Facts } from './facts.js';
import type { Handlers, Kind } from './kind.js';
import { oneAtATime } from './one-at-a-time.js';
import type { ConsumerParts } from './parts.js';
import { releaseKey, replayCommand, replayFact, type Released, type Replay } from './release.js';
import { Stream } from './stream.js';
import { TopicConsumer } from './topic-consumer.js';
import { Loop } from '../journal/loop.js';
import { Halts, type Watched } from '../operate/halts.js';
import { operators } from '../operate/operators.js';
import type { OperateParts, Target } from '../operate/target.js';

const HALTS_MS = 2_000;

export interface ConsumersParts<Tx> extends Omit<
  ConsumerParts<Tx, unknown>,
  'group' | 'topic' | 'kind' | 'owner' | 'tells' | 'log' | 'timers' | 'suspects'
> {
  readonly service: string;
  readonly timers?: Timers;
  readonly log: Log;
  readonly consumes: readonly Consumes[];
  readonly tells: readonly Consumes['topic'][];
  readonly signer: Signer;
  readonly handlers: Handlers<Tx>;
  /** Besides those that Nest found: what kits bring. */
  readonly commands?: Handlers<Tx>['commands'];
}

/** All that one service consumes. */
export interface Consumers<Tx> {
  release(group: string, key: string): Promise<Released>;
  /** For the operators' side of the bus. */
  readonly operate: OperateParts<Tx>;
  state(): BusState['consumers'];
  joining(): readonly string[];
  drain(): Promise<void>;
}

interface One<Tx> {
  readonly kind: Kind<Tx, unknown>;
  readonly replay: Replay<Tx> | null;
}

const unpackJson = (value: Buffer): readonly unknown[] => {
  const parsed: unknown = JSON.parse(value.toString('utf8'));
  return Array.isArray(parsed) ? parsed : [parsed];
};

const commandsOf = <Tx>({ handlers, signer, tally, watch }: ConsumersParts<Tx>): One<Tx> => {
  const kind = new Commands<Tx>({
    ...{ handlers: handlers.commands, before: handlers.beforeCommands },
    ...{ signer, tally, watch },
  });
  return { kind, replay: replayCommand(kind) };
};

const factsOf = <Tx>({ handlers, watch }: ConsumersParts<Tx>): One<Tx> => {
  const kind = new Facts<Tx>(handlers.facts, watch);
  return { kind, replay: replayFact(kind) };
};

const streamOf = <Tx>(
  { handlers, ids }: ConsumersParts<Tx>,
  { topic, unpack = unpackJson }: Consumes,
): One<Tx> => {
  const handler = handlers.streams.get(topic.name);
  if (!handler) throw new Error(`${topic.name} has no handler`);
  return { kind: new Stream<Tx>({ handler, unpack, ids }), replay: null };
};

const kinds = { commands: commandsOf, facts: factsOf, stream: streamOf };

/** Every service that takes commands takes those of kits and of operators too. */
const withCommon = <Tx>(parts: ConsumersParts<Tx>, operate: OperateParts<Tx>): ConsumersParts<Tx> => {
  const commands = new Map([
    ...parts.handlers.commands,
    ...(parts.commands ?? []),
    ...operators(() => operate),
  ]);
  return { ...parts, handlers: { ...parts.handlers, commands } };
};

const watchHalts = <Tx>(parts: ConsumersParts<Tx>, watched: readonly Watched[]): Loop => {
  const halts = new Halts(parts, watched);
  return new Loop(() => halts.look(), {
    ...{ everyMs: HALTS_MS, longestRestMs: HALTS_MS * 10, ...(parts.timers && { timers: parts.timers }) },
    onError: (err) => parts.logger.warn({ err }, 'halted partitions could not be noted; trying again'),
  }).start();
};

/** Starts a consumer for each topic, each in a group of its own: `linli.<service>.<topic>`. */
export const openConsumers = async <Tx>(given: ConsumersParts<Tx>): Promise<Consumers<Tx>> => {
  const [owner, suspects] = [given.ids.next(), oneAtATime()];
  const tells = new Map(given.tells.map((topic) => [topic.name, topic]));
  const targets: Target<Tx>[] = [];
  const operate: OperateParts<Tx> = { ...given, tells, targets };
  const parts = withCommon(given, operate);
  const all = parts.consumes.map((consumes) => {
    const { kind, replay } = kinds[consumes.kind](parts, consumes);
    const { topic, kind: how } = consumes;
    const group = `linli.${parts.service}.${topic.name}`;
    targets.push({ group, topic, how, kind, replay });
    const about = { group, topic, kind, owner, tells, suspects, timers: parts.timers ?? systemTimers };
    const settings: ConsumerParts<Tx, unknown> = { ...parts, ...about };
    return { settings, replay, consumer: new TopicConsumer(settings) };
  });
  const halts = watchHalts(
    parts,
    all.map(({ settings, consumer }) => ({ group: settings.group, topic: settings.topic.name, consumer })),
  );
  const drain = async () => {
    await Promise.all([halts.stop(), ...all.map(({ consumer }) => consumer.drain())]);
  };
  try {
    for (const { consumer } of all) await consumer.start(parts.log);
  } catch (error) {
    await drain();
    throw error;
  }
  return {
    operate,
    state: () => all.flatMap(({ consumer }) => consumer.state()),
    joining: () =>
      all.filter(({ consumer }) => !consumer.consuming()).map(({ settings }) => settings.topic.name),
    drain,
    release(group, key) {
      const one = all.find(({ settings }) => settings.group === group);
      if (!one?.replay) throw new Error(`${group} is not consumed here`);
      return releaseKey({ ...one.settings, replay: one.replay }, key);
    },
  };
};

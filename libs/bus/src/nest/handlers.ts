import type { MessageHandler } from '@nestjs/microservices';
import { isObservable, lastValueFrom } from 'rxjs';
import type { Consumes } from '../bus.js';
import type { Handlers } from '../consume/kind.js';
import type { Answer, Handling } from '../handling.js';
import type { Declared } from './decorators.js';

type Found = ReadonlyMap<string, MessageHandler>;

/** Runs what Nest made of a method: guards, pipes and interceptors included, a promise or an Observable. */
const call = async (handler: MessageHandler, message: unknown, handling: unknown): Promise<unknown> => {
  const result: unknown = await handler(message, handling);
  return isObservable(result) ? lastValueFrom(result, { defaultValue: undefined }) : result;
};

const isAnswer = (answer: unknown): answer is Answer =>
  typeof answer === 'object' &&
  answer !== null &&
  ('refusal' in answer || ('resource' in answer && 'version' in answer && Number.isInteger(answer.version)));

const answerOf = (type: string, answer: unknown): Answer => {
  if (isAnswer(answer)) return answer;
  throw new Error(`the handler of ${type} must answer { resource, version } or { refusal }`);
};

const declared = (handler: MessageHandler): Partial<Declared> => (handler.extras ?? {}) as Partial<Declared>;

/** Sorts the handlers that Nest found. */
export const handlersOf = <Tx>(found: Found): Handlers<Tx> => {
  const all = [...found];
  const of = (kind: Declared['kind']) => all.filter(([, handler]) => declared(handler).kind === kind);
  const [before] = of('before-commands');
  return {
    beforeCommands:
      before && (async (commands, together) => void (await call(before[1], commands, together))),
    commands: new Map(
      of('command').map(([type, handler]) => [
        type,
        {
          version: declared(handler).version ?? 1,
          handle: async (command, handling: Handling<Tx>) =>
            answerOf(type, await call(handler, command, handling)),
        },
      ]),
    ),
    streams: new Map(
      of('stream').map(([topic, handler]) => [
        topic,
        async (items, handling: Handling<Tx>) => void (await call(handler, items, handling)),
      ]),
    ),
    facts: new Map(
      of('fact').map(([type, handler]) => [
        type,
        async (fact, handling: Handling<Tx>) => void (await call(handler, fact, handling)),
      ]),
    ),
  };
};

const unheard = (consumes: readonly Consumes[], handlers: Handlers<never>): string[] =>
  consumes.flatMap(({ topic, kind }) => {
    const heard = {
      commands: handlers.commands.size > 0,
      stream: handlers.streams.has(topic.name),
      facts: handlers.facts.size > 0,
    }[kind];
    return heard ? [] : [`${topic.name} (${kind}) is consumed but has no handler`];
  });

const idle = (consumes: readonly Consumes[], handlers: Handlers<never>): string[] => {
  const kinds = new Set(consumes.map(({ kind }) => kind));
  const streams = new Set(consumes.filter(({ kind }) => kind === 'stream').map(({ topic }) => topic.name));
  return [
    ...[...handlers.streams.keys()].filter((topic) => !streams.has(topic)),
    ...(kinds.has('commands') ? [] : handlers.commands.keys()),
    ...(kinds.has('facts') ? [] : handlers.facts.keys()),
  ].map((pattern) => `${pattern} has a handler but nothing is consumed that could reach it`);
};

/** Start-up faults: a topic that nobody hears, a handler that nothing reaches. */
export const wiringFaults = (consumes: readonly Consumes[], handlers: Handlers<never>): string[] => [
  ...unheard(consumes, handlers),
  ...idle(consumes, handlers),
];

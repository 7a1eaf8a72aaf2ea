import { applyDecorators, UseFilters } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import type { TopicSpec } from '@linli/contracts';
import type { Transaction } from '@linli/store';
import type * as handling from '../handling.js';
import { RawErrors } from './raw-errors.js';

/** What a handler was declared as; found by the strategy in the extras of its pattern. */
export interface Declared {
  readonly kind: 'command' | 'before-commands' | 'stream' | 'fact';
  readonly version: number;
}

const handles = (pattern: string, declared: Declared): MethodDecorator =>
  applyDecorators(MessagePattern(pattern, { ...declared }), UseFilters(RawErrors));

// Each name is a decorator and, as a type, the function that it decorates.
export type CommandHandler<Tx = Transaction> = handling.CommandHandler<Tx>;
export type BeforeCommands<Tx = Transaction> = handling.BeforeCommands<Tx>;
export type StreamHandler<Tx = Transaction> = handling.StreamHandler<Tx>;
export type FactHandler<Tx = Transaction> = handling.FactHandler<Tx>;

/**
 * Handles one type of command; `version` is the newest shape of its data that the method can read. Parameters:
 * `@Payload() command: Command, @Ctx() handling: Handling`; returns a `Promise<Answer>`.
 */
export const CommandHandler = (type: string, version = 1): MethodDecorator =>
  handles(type, { kind: 'command', version });

/**
 * Called with all commands of a transaction before they are handled one by one: reads at once what they need. One a
 * service: `@Payload() commands: Command[], @Ctx() together: Together`.
 */
export const BeforeCommands = (): MethodDecorator =>
  handles('before commands', { kind: 'before-commands', version: 1 });

/** Handles all items of a chunk of a stream: `@Payload() items: StreamItem[], @Ctx() handling: Handling`. */
export const StreamHandler = (topic: TopicSpec | string): MethodDecorator =>
  handles(typeof topic === 'string' ? topic : topic.name, { kind: 'stream', version: 1 });

/** Handles one type of fact: `@Payload() fact: FactEnvelope, @Ctx() handling: Handling`. */
export const FactHandler = (type: string): MethodDecorator => handles(type, { kind: 'fact', version: 1 });

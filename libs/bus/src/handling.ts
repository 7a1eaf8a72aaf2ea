import type { Command, FactEnvelope } from '@linli/contracts';
import type { Refusal } from '@linli/kernel';
import type { Transaction } from '@linli/store';

/** A fact to tell: goes to the journal in the same transaction as the change. */
export interface NewFact {
  readonly topic: string;
  readonly type: string;
  readonly tenant: string;
  readonly aggregateId: string;
  readonly aggregateVersion: number;
  /** Of which request it is, when a chunk holds the work of many. */
  readonly correlationId?: string;
  readonly data: unknown;
}

/** A command that a service sends to itself or to another, through its journal: exactly once in effect. */
export interface NewCommand {
  readonly topic: string;
  readonly type: string;
  readonly tenant: string;
  readonly aggregateId: string;
  /** Parts of its identity: the same parts give the same commandId, and the second one does nothing. */
  readonly identity: readonly (string | number)[];
  /** Of which request it is, when a chunk holds the work of many. */
  readonly correlationId?: string;
  readonly data: unknown;
}

/**
 * What a handler works with. All of it belongs to one transaction, which the bus opens and commits. `Tx` is another in
 * simulation.
 */
export interface Handling<Tx = Transaction> {
  readonly tx: Tx;
  /** The one instant of this chunk. */
  readonly now: Date;
  /** When the log appended the message being handled. Deadlines judge by it. */
  readonly appendedAt: Date;
  /** Facts and commands are written when the handler is done, in the order told. */
  tell(fact: NewFact): void;
  send(command: NewCommand): void;
  /** Runs when all messages of this transaction were handled, in the order given: to write at once what they changed. */
  beforeCommit(work: () => Promise<void>): void;
  /** Called after the commit, at most once, never relied upon (wake-ups, metrics). */
  afterCommit(work: () => void): void;
}

/** A command handler's answer. A refusal is an outcome like any other, and must have changed nothing. */
export type Answer = { readonly resource: unknown; readonly version: number } | { readonly refusal: Refusal };

export type CommandHandler<Tx = Transaction> = (command: Command, handling: Handling<Tx>) => Promise<Answer>;
/** What is common to the commands of one transaction. */
export type Together<Tx = Transaction> = Pick<Handling<Tx>, 'tx' | 'now' | 'beforeCommit' | 'afterCommit'>;
/** Called before the commands of a transaction are handled one by one, with all of them: to read at once what they need. */
export type BeforeCommands<Tx = Transaction> = (
  commands: readonly Command[],
  together: Together<Tx>,
) => Promise<void>;
export type FactHandler<Tx = Transaction> = (fact: FactEnvelope, handling: Handling<Tx>) => Promise<void>;

/** One item of a bulk stream: a record may hold many. */
export interface StreamItem<T = unknown> {
  readonly item: T;
  readonly appendedAt: Date;
}
/** Handles all items of a chunk at once. Throws when one of them is at fault: the bus finds which by bisection. */
export type StreamHandler<Tx = Transaction> = (
  items: readonly StreamItem[],
  handling: Handling<Tx>,
) => Promise<void>;

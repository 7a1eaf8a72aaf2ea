import type { Handling } from '@linli/bus';
import type { Refusal } from '@linli/kernel';
import type { Amendment } from './amendment.js';
import type { NewDeadline } from './arm.js';
import type { Deadline, Note } from './deadline.js';

/** What of a command's handling the ledger needs: all that it writes commits with the aggregate or not at all. */
export type LedgerHandling<Tx> = Pick<Handling<Tx>, 'tx' | 'appendedAt' | 'afterCommit'>;

export type Changed = { readonly deadlines: readonly Deadline[] } | { readonly refusal: Refusal };

/** A clock that a command starts. */
export interface ArmOrder {
  readonly deadline: NewDeadline;
  /** When the log took the command. */
  readonly at: Date;
  readonly note: Note;
}

/** What a command does to a deadline. */
export interface AmendOrder {
  readonly tenant: string;
  readonly id: string;
  readonly amendment: Amendment;
  /** When the log took the command. */
  readonly at: Date;
  readonly note: Note;
}

/** For whom commands are written together: each says itself when the log took it. */
export type LedgerWriting<Tx> = Pick<LedgerHandling<Tx>, 'tx' | 'afterCommit'>;

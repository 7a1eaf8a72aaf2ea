import type { Transaction } from '@linli/store';
import type { Clocks } from '../domain/clocks.js';
import type { Warning } from '../domain/warning.js';
import type { WarningRecord } from './warning.row.js';

/** A warning to be written; `before` is the version that it replaces, null for a new one. */
export interface Unwritten {
  readonly tenant: string;
  readonly warning: Warning;
  readonly clocks: Clocks;
  readonly before: number | null;
}

/** A text on a warning, sealed, to be written. */
export interface Note {
  readonly tenant: string;
  readonly warning: Pick<Warning, 'id' | 'version' | 'area'>;
  readonly sealedText: string;
}

const nameOf = (tenant: string, id: string): string => `${tenant}/${id}`;

/**
 * What the commands of one transaction work on: read at once before the first of them, written at once after the last,
 * so that the statements of a chunk do not grow with its commands. (Fowler, Patterns of Enterprise Application
 * Architecture: unit of work, identity map.)
 */
export class Held {
  private readonly records = new Map<string, WarningRecord | null>();
  private unwritten = new Map<string, Unwritten>();
  private notes: Note[] = [];

  /** Null: there is none. Undefined: nobody looked. */
  find(tenant: string, id: string): WarningRecord | null | undefined {
    return this.records.get(nameOf(tenant, id));
  }

  put(tenant: string, id: string, record: WarningRecord | null): void {
    this.records.set(nameOf(tenant, id), record);
  }

  /** The last of several changes is what will be written, over the version that the first one found. */
  change(record: WarningRecord, before: number | null): void {
    const { tenant, warning, clocks } = record;
    const name = nameOf(tenant, warning.id);
    const first = this.unwritten.get(name);
    this.unwritten.set(name, { tenant, warning, clocks, before: first ? first.before : before });
    this.records.set(name, record);
  }

  note(note: Note): void {
    this.notes.push(note);
  }

  /** All that waits to be written, which is then the caller's. */
  take(): { readonly warnings: readonly Unwritten[]; readonly notes: readonly Note[] } {
    const taken = { warnings: [...this.unwritten.values()], notes: this.notes };
    this.unwritten = new Map();
    this.notes = [];
    return taken;
  }

  forget(tenant: string, id: string): void {
    this.records.delete(nameOf(tenant, id));
  }
}

const all = new WeakMap<Transaction, Held>();

/** Undefined outside of a chunk of commands. */
export const heldIn = (tx: Transaction): Held | undefined => all.get(tx);

/** From nothing: what a part of the transaction left behind that was taken back must not be written with the next. */
export const holdIn = (tx: Transaction): Held => {
  const held = new Held();
  all.set(tx, held);
  return held;
};

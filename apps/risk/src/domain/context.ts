import type { Actor } from './authority.js';
import { response202601, type ResponsePolicy } from './response.js';
import type { Warning } from './warning.js';

/** What some moves ask about beside the warning; null where it was not looked up or is not there. */
export interface Seen {
  /** Since when the score of its place has been low enough for the next lower colour, without interruption. */
  readonly coolSince: number | null;
  /** When the newest signal of its place occurred. */
  readonly newestSignalAt: number | null;
  /** The warning that it is to be merged into. */
  readonly other: Warning | null;
}

export const unseen: Seen = { coolSince: null, newestSignalAt: null, other: null };

/** What surrounds a decision: who, when, which version the client saw (null = any), which id a new warning gets. */
export interface Context {
  readonly actor: Actor;
  readonly now: number;
  readonly expectedVersion: number | null;
  readonly id: string;
  readonly policy: ResponsePolicy;
  readonly seen: Seen;
}

/** A context in which nothing was looked up, under the policy of the release. */
export const contextOf = (given: Pick<Context, 'actor' | 'now' | 'id'> & Partial<Context>): Context => ({
  expectedVersion: null,
  policy: response202601,
  seen: unseen,
  ...given,
});

/** One call of a recorded history: when it began, when its answer came (never: `Infinity`). */
export interface Call<Op> {
  readonly op: Op;
  readonly start: number;
  readonly end: number;
}

/** What one object does, alone and one call after another. */
export interface Model<State, Op> {
  readonly initial: State;
  /** The state after it, or null when the recorded answer could not have been given in this state. */
  readonly step: (state: State, op: Op) => State | null;
  /** Equal for equal states. */
  readonly nameOf: (state: State) => string;
}

/** Memory of a search grows with two to the power of calls that overlap. */
export const MOST_CALLS = 60;

/**
 * Wing and Gong's search with Lowe's memory: is there an order of the calls that keeps real time (what ended before
 * another began comes first) and in which every answer is right? A call without an answer may have happened or not.
 */
export const isLinearizable = <State, Op>(
  history: readonly Call<Op>[],
  { initial, step, nameOf }: Model<State, Op>,
): boolean => {
  if (history.length > MOST_CALLS)
    throw new RangeError(`${history.length} calls where ${MOST_CALLS} can be judged`);
  const calls = history.map((call, n) => ({ ...call, bit: 1n << BigInt(n) }));
  const answered = calls.filter(({ end }) => end !== Infinity).reduce((all, { bit }) => all | bit, 0n);
  const seen = new Set<string>();
  const search = (done: bigint, state: State): boolean => {
    if ((done & answered) === answered) return true;
    const place = `${done} ${nameOf(state)}`;
    if (seen.has(place)) return false;
    seen.add(place);
    const open = calls.filter(({ bit }) => (done & bit) === 0n);
    const firstEnd = Math.min(...open.map(({ end }) => end));
    return open.some(({ op, start, bit }) => {
      if (start > firstEnd) return false;
      const next = step(state, op);
      return next !== null && search(done | bit, next);
    });
  };
  return search(0n, initial);
};

/** What a client did with a versioned resource, and what it was told. */
export type VersionedOp =
  | { readonly kind: 'read'; readonly version: number }
  /** Changed it: `version` is the new one. */
  | { readonly kind: 'changed'; readonly ifMatch: number; readonly version: number }
  /** Told that another version is there. */
  | { readonly kind: 'stale'; readonly ifMatch: number }
  /** Refused for another reason: changes nothing and says nothing of the version. */
  | { readonly kind: 'refused' }
  /** No answer, or one that says nothing of the end. */
  | { readonly kind: 'unknown'; readonly ifMatch: number };

/** A resource that every change takes from one version to the next, and only from the version that was meant. */
export const versioned = (initial: number): Model<number, VersionedOp> => ({
  initial,
  nameOf: String,
  step: (version, op) => {
    if (op.kind === 'refused') return version;
    if (op.kind === 'read') return op.version === version ? version : null;
    if (op.kind === 'stale') return op.ifMatch === version ? null : version;
    if (op.ifMatch !== version) return null;
    return op.kind === 'unknown' || op.version === version + 1 ? version + 1 : null;
  },
});

import type { Bus, Cursor, JournalEntry } from '@linli/bus';
import { covers, RISK_WARNINGS, type Principal } from '@linli/contracts';
import { refuse, Refused } from '@linli/kernel';
import { Observable } from 'rxjs';

/** One server-sent event, in the shape of Nest's `MessageEvent`. */
export interface WarningChange {
  readonly id: string;
  readonly type: string;
  readonly data: object;
}

/** A place in the stream as clients carry it in `Last-Event-ID`. */
export const cursorText = (cursor: Cursor): string => cursor.join('-');

const readCursorText = (text: string): Cursor | null => {
  const numbers = text.split('-');
  const ours = numbers.length === RISK_WARNINGS.partitions && numbers.every((n) => /^[0-9]{1,15}$/u.test(n));
  return ours ? numbers.map(Number) : null;
};

/**
 * Where a stream begins: after the `Last-Event-ID` that a client brings, else where the journal ends now. Refuses (400)
 * one that is not ours or lies beyond the end: what was missed since it cannot be known.
 */
export const beginningOf = async (bus: Pick<Bus, 'end'>, last: string | undefined): Promise<Cursor> => {
  const end = await bus.end(RISK_WARNINGS);
  if (last === undefined) return end;
  const cursor = readCursorText(last);
  if (cursor?.every((seq, partition) => seq <= (end[partition] ?? 0))) return cursor;
  throw new Refused(
    refuse('RSK_LAST_EVENT_ID_INVALID', 'malformed', 'The Last-Event-ID is not one of this stream.'),
  );
};

/** Whose stream it is, and whether of exercises only, of none, or (absent) of both. */
export interface Following {
  readonly principal: Principal;
  readonly exercise?: boolean | undefined;
}

const isFor = ({ principal, exercise }: Following, { tenant, data }: JournalEntry): boolean => {
  const { area, exercise: drilled = false } = (data ?? {}) as { area?: unknown; exercise?: unknown };
  if (tenant !== principal.tenant || typeof area !== 'string' || !covers(principal, area)) return false;
  return exercise === undefined || exercise === drilled;
};

/** What a fact is about: `warning`, or `silence`. */
const nounOf = ({ type }: JournalEntry): string => type.split('.')[2] ?? 'warning';

const changeOf = (entry: JournalEntry, id: string): WarningChange => ({
  id,
  type: entry.type,
  data: {
    [nounOf(entry)]: entry.aggregateId,
    version: entry.aggregateVersion,
    at: entry.at.toISOString(),
    actor: entry.actor,
    exercise: false,
    ...(entry.data as object),
  },
});

/**
 * The facts of warnings that a principal may see, after a cursor and as they happen. Each change carries the cursor after
 * it, so that a stream that broke is continued without loss.
 */
export const followWarnings = (
  bus: Pick<Bus, 'tail'>,
  following: Following,
  after: Cursor,
): Observable<WarningChange> =>
  new Observable((listener) => {
    const seen = [...after];
    return bus.tail(RISK_WARNINGS, after, (entries) => {
      for (const entry of entries) {
        seen[entry.partition] = entry.seq;
        if (isFor(following, entry)) listener.next(changeOf(entry, cursorText(seen)));
      }
    });
  });

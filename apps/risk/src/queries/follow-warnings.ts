import type { Bus, Cursor, JournalEntry } from '@linli/bus';
import { covers, RISK_WARNINGS, type Principal } from '@linli/contracts';
import { Observable } from 'rxjs';

/** One server-sent event, in the shape of Nest's `MessageEvent`. */
export interface WarningChange {
  readonly id: string;
  readonly type: string;
  readonly data: object;
}

/** A place in the stream as clients carry it in `Last-Event-ID`. */
export const cursorText = (cursor: Cursor): string => cursor.join('-');

/** Null for what is no cursor of this topic: the stream then starts where it is now. */
export const readCursorText = (text: string | undefined): Cursor | null => {
  const numbers = (text ?? '').split('-');
  const ours = numbers.length === RISK_WARNINGS.partitions && numbers.every((n) => /^[0-9]{1,15}$/u.test(n));
  return ours ? numbers.map(Number) : null;
};

const isFor = (principal: Principal, { tenant, data }: JournalEntry): boolean => {
  const area = (data as { area?: unknown } | null)?.area;
  return tenant === principal.tenant && typeof area === 'string' && covers(principal, area);
};

const changeOf = (entry: JournalEntry, id: string): WarningChange => ({
  id,
  type: entry.type,
  data: {
    warning: entry.aggregateId,
    version: entry.aggregateVersion,
    at: entry.at.toISOString(),
    actor: entry.actor,
    ...(entry.data as object),
  },
});

/**
 * The facts of warnings that a principal may see, as they happen; with a cursor, from there on. Each change carries the
 * cursor after it, so that a stream that broke is continued without loss.
 */
export const followWarnings = (
  bus: Pick<Bus, 'tail' | 'end'>,
  principal: Principal,
  after: Cursor | null,
): Observable<WarningChange> =>
  new Observable((listener) => {
    let end: (() => void) | null = null;
    let ended = false;
    const begin = async (): Promise<void> => {
      const from = after ?? (await bus.end(RISK_WARNINGS));
      if (ended) return;
      const seen = [...from];
      end = bus.tail(RISK_WARNINGS, from, (entries) => {
        for (const entry of entries) {
          seen[entry.partition] = entry.seq;
          if (isFor(principal, entry)) listener.next(changeOf(entry, cursorText(seen)));
        }
      });
    };
    begin().catch((error: unknown) => listener.error(error));
    return () => {
      ended = true;
      end?.();
    };
  });

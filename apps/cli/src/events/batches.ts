import type { IntakeItem } from '@linli/contracts';

/** One line of an NDJSON file that holds something. */
export interface Line {
  readonly number: number;
  readonly text: string;
}

/** A line that was not taken, and why. */
export interface Refusal {
  readonly line: number;
  readonly id: string | null;
  readonly code: string;
  readonly detail: string;
  readonly pointer?: string;
}

export interface Batch {
  readonly lines: readonly number[];
  readonly events: readonly unknown[];
  /** Lines that are not JSON: never sent. */
  readonly unreadable: readonly Refusal[];
}

const EVENTS = 500;
/** Room below the wire's limit of 1 MiB for brackets and commas. */
const BYTES = 1024 * 1024 - 16 * 1024;

interface Draft {
  lines: number[];
  events: unknown[];
  unreadable: Refusal[];
  bytes: number;
}
const empty = (): Draft => ({ lines: [], events: [], unreadable: [], bytes: 0 });

const parse = (text: string): { value: unknown } | null => {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return null;
  }
};

const add = (draft: Draft, { number, text }: Line): void => {
  const parsed = parse(text);
  if (!parsed) {
    draft.unreadable.push({ line: number, id: null, code: 'LINE_NOT_JSON', detail: 'The line is not JSON.' });
    return;
  }
  draft.lines.push(number);
  draft.events.push(parsed.value);
  draft.bytes += Buffer.byteLength(text);
};

/** Cuts lines into batches of at most 500 events and 1 MiB; blank lines are skipped. */
export const batches = async function* (lines: AsyncIterable<string>): AsyncGenerator<Batch> {
  let draft = empty();
  let number = 0;
  for await (const text of lines) {
    number += 1;
    if (text.trim() === '') continue;
    if (draft.events.length === EVENTS || draft.bytes + Buffer.byteLength(text) > BYTES) {
      yield draft;
      draft = empty();
    }
    add(draft, { number, text });
  }
  if (draft.events.length + draft.unreadable.length > 0) yield draft;
};

/** The refused items of a receipt, by line of the file. */
export const refusals = (batch: Batch, items: readonly IntakeItem[]): Refusal[] => [
  ...batch.unreadable,
  ...items
    .filter(({ status }) => status === 'rejected')
    .map(({ index, id, code, detail, pointer }) => ({
      line: batch.lines[index] ?? 0,
      id,
      code: code ?? 'REJECTED',
      detail: detail ?? '',
      ...(pointer === undefined ? {} : { pointer }),
    })),
];

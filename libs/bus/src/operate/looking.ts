import type {
  DeadLetterPage,
  DeadLetterSummary,
  DeadLetterView,
  ParkedKeyPage,
  ParkedKeySummary,
  ParkedKeyView,
} from '@linli/contracts';
import type { BusStore } from '../store/bus-store.js';
import type { LetterFilter, Parking, StoredLetter } from '../store/operate-store.js';
import { nameIn } from './keys.js';

const WAITING_SHOWN = 100;

const letterSummary = (service: string, letter: StoredLetter): DeadLetterSummary => ({
  id: `${service}.${letter.id}`,
  service,
  topic: letter.topic,
  partition: letter.partition,
  offset: letter.offset,
  item: letter.index < 0 ? null : letter.index,
  state: letter.state,
  error: letter.error,
  at: letter.at.toISOString(),
  attempts: letter.attempts,
  endedAt: letter.endedAt?.toISOString() ?? null,
  endedBy: letter.endedBy,
  endedReason: letter.endedReason,
});

const decoded = (raw: Buffer | null): unknown => {
  try {
    return raw === null ? null : (JSON.parse(raw.toString('utf8')) as unknown);
  } catch {
    return null;
  }
};

const keySummary = (service: string, row: Parking): ParkedKeySummary => ({
  id: `${service}.${row.id}`,
  service,
  topic: row.topic,
  partition: row.partition,
  key: row.key,
  since: row.since.toISOString(),
  reason: row.reason,
  attempts: row.attempts,
  waiting: row.waiting,
});

/** The cursor of a page: there may be more when it is full. */
const nextOf = (rows: readonly { readonly n: number }[], limit: number): string | null =>
  rows.length < limit ? null : String(rows.at(-1)?.n);

export const deadLettersOf = async <Tx>(
  store: BusStore<Tx>,
  service: string,
  filter: LetterFilter,
): Promise<DeadLetterPage> => {
  const rows = await store.operate.letters(store.reader('http'), filter);
  return { items: rows.map((row) => letterSummary(service, row)), next: nextOf(rows, filter.limit) };
};

export const deadLetterOf = async <Tx>(
  store: BusStore<Tx>,
  service: string,
  id: string,
): Promise<DeadLetterView | null> => {
  const letter = await store.operate.letter(store.reader('http'), id);
  return (
    letter && {
      ...letterSummary(service, letter),
      group: letter.group,
      appendedAt: letter.appendedAt.toISOString(),
      headers: { ...letter.headers },
      raw: letter.raw?.toString('base64') ?? null,
      decoded: decoded(letter.raw),
    }
  );
};

export const parkedKeysOf = async <Tx>(
  store: BusStore<Tx>,
  service: string,
  page: { readonly after: number; readonly limit: number },
): Promise<ParkedKeyPage> => {
  const rows = await store.operate.parkings(store.reader('http'), page);
  return { items: rows.map((row) => keySummary(service, row)), next: nextOf(rows, page.limit) };
};

export const parkedKeyOf = async <Tx>(
  store: BusStore<Tx>,
  service: string,
  id: string,
): Promise<ParkedKeyView | null> => {
  const tx = store.reader('http');
  const row = await store.operate.parking(tx, id);
  if (!row) return null;
  const waiting = await store.operate.waiting(tx, row, WAITING_SHOWN);
  return {
    ...keySummary(service, row),
    group: row.group,
    messages: waiting.map(({ offset, appendedAt, body }) => ({
      ...nameIn(body),
      offset,
      appendedAt: appendedAt.toISOString(),
      body: JSON.parse(body) as unknown,
    })),
  };
};

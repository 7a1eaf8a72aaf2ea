import { INTAKE_LIMITS } from '@linli/contracts';
import { refuse, Refused } from '@linli/kernel';
import { pointerOf, textOf } from '@linli/service/input';
import { CloudEvent } from 'cloudevents';
import type { IncomingHttpHeaders } from 'node:http';

/** One item of a request as it was offered, before anything is known of it but that it could be read. */
export type Offered =
  | { readonly event: unknown; /** Where its fields stand in the item. */ readonly at: string }
  | { readonly code: string; readonly detail: string; readonly pointer: string };

/** The items of a request. */
export interface Offer {
  readonly items: readonly Offered[];
  /** No text in it can hold what no store takes: bytes that are UTF-8 say such things by an escape only. */
  readonly plain: boolean;
  /** Nothing in it is escaped at all: its texts can be written into JSON as they are. */
  readonly bare: boolean;
}

const notJson = (detail: string): Refused => new Refused(refuse('RSK_BODY_NOT_JSON', 'malformed', detail));

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    throw notJson('The body is not JSON.');
  }
};

const plain = (event: unknown): Offered => ({ event, at: '' });

const offeredLine = (line: string, number: number): Offered => {
  try {
    return plain(JSON.parse(line));
  } catch {
    return { code: 'RSK_NOT_JSON', detail: `line ${number} is not JSON`, pointer: '' };
  }
};

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The library fills a missing id and time with new ones; for deduplication only what was sent may count. */
const flawOfCloudEvent = (event: Record<string, unknown>): string | null => {
  for (const required of ['specversion', 'id', 'source', 'type']) {
    if (typeof event[required] !== 'string' || event[required] === '') {
      return `${required} is required by CloudEvents`;
    }
  }
  try {
    const { data: _, ...attributes } = event;
    return new CloudEvent(attributes, true).specversion === '1.0' ? null : 'specversion must be 1.0';
  } catch (error) {
    return error instanceof Error ? (error.message.split('\n', 1)[0] ?? 'invalid') : 'invalid';
  }
};

/** Headers carry texts only. */
const booleans: ReadonlyMap<unknown, boolean> = new Map([
  ['true', true],
  ['false', false],
]);

/**
 * A CloudEvent whose data are the fields of a risk event; its id, source and time, and the extension `exercise`, fill what
 * data does not say. A drill must not be taken for real, nor the other way round: the two may not differ.
 */
const offeredCloudEvent = (event: unknown, at: string): Offered => {
  const flaw = isObject(event) ? flawOfCloudEvent(event) : 'a CloudEvent is an object';
  if (flaw !== null || !isObject(event)) {
    return { code: 'RSK_CLOUDEVENT_INVALID', detail: flaw ?? '', pointer: '' };
  }
  const { data, id, source, time, exercise } = event;
  if (!isObject(data)) {
    return {
      code: 'RSK_FIELD_INVALID',
      detail: 'data must be an object with the fields of an event',
      pointer: at,
    };
  }
  const isExercise = booleans.get(exercise) ?? exercise;
  if (isExercise !== undefined && data['exercise'] !== undefined && data['exercise'] !== isExercise) {
    return {
      code: 'RSK_CLOUDEVENT_INVALID',
      detail: 'exercise is not the same in the attributes and in data',
      pointer: '/exercise',
    };
  }
  const filling = {
    ...(time !== undefined && { occurredAt: time }),
    ...(isExercise !== undefined && { exercise: isExercise }),
  };
  return { event: { id, source, ...filling, ...data }, at };
};

const decoded = (value: string): string => {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
};

/** CloudEvents binary mode: attributes in `ce-*` headers, the body is the data. */
const offeredBinary = (headers: IncomingHttpHeaders, data: unknown): Offered => {
  const attributes = Object.entries(headers)
    .filter(([name]) => name.startsWith('ce-'))
    .map(([name, value]) => [name.slice(3), decoded(String(value))] as const);
  return offeredCloudEvent({ ...Object.fromEntries(attributes), data }, '');
};

const listOf = (value: unknown): unknown[] => {
  if (!Array.isArray(value)) {
    throw notJson('A CloudEvents batch is a JSON array.');
  }
  return value;
};

const readers: Readonly<Record<string, (text: string, headers: IncomingHttpHeaders) => Offered[]>> = {
  'application/json': (text, headers) => {
    const value = parsed(text);
    if ('ce-specversion' in headers) {
      return [offeredBinary(headers, value)];
    }
    return Array.isArray(value) ? value.map(plain) : [plain(value)];
  },
  'application/x-ndjson': (text) =>
    text.split('\n').flatMap((line, at) => (line.trim() === '' ? [] : [offeredLine(line, at + 1)])),
  'application/cloudevents+json': (text) => [offeredCloudEvent(parsed(text), pointerOf(['data']))],
  'application/cloudevents-batch+json': (text) =>
    listOf(parsed(text)).map((event) => offeredCloudEvent(event, pointerOf(['data']))),
};

/** What a request body offers, in order. */
export const offeredIn = (body: unknown, headers: IncomingHttpHeaders): Offer => {
  const type = headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  const read = readers[type];
  if (!Buffer.isBuffer(body) || body.length === 0 || !read) {
    throw notJson('The body is empty.');
  }
  const text = textOf(body);
  const items = read(text, headers);
  if (items.length > INTAKE_LIMITS.itemsPerRequest) {
    throw new Refused(
      refuse(
        'RSK_TOO_MANY_ITEMS',
        'too-large',
        `${items.length} items; a request takes ${INTAKE_LIMITS.itemsPerRequest}.`,
      ),
    );
  }
  const whole = !('ce-specversion' in headers);
  return { items, plain: whole && !text.includes('\\u'), bare: whole && !text.includes('\\') };
};

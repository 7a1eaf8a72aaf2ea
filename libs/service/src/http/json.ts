import { isAscii, isUtf8, transcode } from 'node:buffer';
import type { Flaw } from '@linli/kernel';
import { refuse, Refused } from '@linli/kernel';

export const DEEPEST = 20;

const BYTE_ORDER_MARK = '\ufeff';

const escaped = (token: string): string => token.replaceAll('~', '~0').replaceAll('/', '~1');

/** JSON Pointer (RFC 6901) of a path. */
export const pointerOf = (path: readonly PropertyKey[]): string =>
  path.map((token) => `/${escaped(String(token))}`).join('');

/**
 * What makes a parsed value hostile: nested deeper than 20, or a key `__proto__`. Null when nothing does. The pointer
 * stops at the first level, which is enough to find it and cheap for the many values that are fine.
 */
export const hostileIn = (value: unknown, depth = 0): Flaw | null => {
  if (typeof value !== 'object' || value === null) {
    return null;
  }
  if (depth >= DEEPEST) {
    return { pointer: '', code: 'TOO_DEEP', detail: `must not be nested deeper than ${DEEPEST}` };
  }
  for (const key in value) {
    if (key === '__proto__') {
      return { pointer: '', code: 'KEY_FORBIDDEN', detail: 'must not hold the key __proto__' };
    }
    const flaw = hostileIn((value as Record<string, unknown>)[key], depth + 1);
    if (flaw) {
      return { ...flaw, pointer: depth === 0 ? pointerOf([key]) : '' };
    }
  }
  return null;
};

/** Text that every store takes: no U+0000, no half of a surrogate pair. */
export const isStorable = (text: string): boolean => !UNSTORABLE.test(text);

const UNSTORABLE = /[\0\p{Surrogate}]/u;

/** The first string or key in a value that no store takes, as a flaw. */
export const unstorableIn = (value: unknown, path: readonly PropertyKey[] = []): Flaw | null => {
  if (typeof value === 'string') {
    return isStorable(value)
      ? null
      : {
          pointer: pointerOf(path),
          code: 'TEXT_INVALID',
          detail: 'must not hold U+0000 or half a character',
        };
  }
  if (typeof value !== 'object' || value === null) {
    return null;
  }
  for (const [key, inner] of Object.entries(value)) {
    const flaw = unstorableIn(key, [...path, key]) ?? unstorableIn(inner, [...path, key]);
    if (flaw) {
      return flaw;
    }
  }
  return null;
};

const LARGE = 16 * 1024;

/** Large bodies that are not ASCII are read a third faster by way of UTF-16. */
const decoded = (bytes: Buffer): string =>
  bytes.length < LARGE || isAscii(bytes)
    ? bytes.toString('utf8')
    : transcode(bytes, 'utf8', 'utf16le').toString('utf16le');

/**
 * The text of a body, without a byte order mark. Bytes that are not UTF-8 are refused, not replaced: two ids must not
 * become one.
 */
export const textOf = (bytes: Buffer): string => {
  if (!isUtf8(bytes)) {
    throw new Refused(refuse('BODY_NOT_JSON', 'malformed', 'The body is not UTF-8.'));
  }
  const text = decoded(bytes);
  return text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
};

/** Parses a body; refuses what is not JSON (400) and what is hostile (400). */
export const parseJson = (bytes: Buffer): unknown => {
  let value: unknown;
  try {
    value = JSON.parse(textOf(bytes));
  } catch (error) {
    throw error instanceof Refused
      ? error
      : new Refused(refuse('BODY_NOT_JSON', 'malformed', 'The body is not JSON.'));
  }
  const flaw = hostileIn(value);
  if (flaw) {
    throw new Refused(refuse('BODY_HOSTILE', 'malformed', `The body ${flaw.detail}.`, [flaw]));
  }
  return value;
};

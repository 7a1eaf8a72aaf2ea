import { randomUUID } from 'node:crypto';
import { refuse, Refused } from '@linli/kernel';

/** The key that names a wish, and whether the client chose it. */
export interface WishKey {
  readonly key: string;
  readonly given: boolean;
}

/** Idempotency-Key: 1 to 255 visible ASCII characters, in quotes or not (draft-ietf-httpapi-idempotency-key-header). */
export const wishKeyOf = (header: string | string[] | undefined): WishKey => {
  if (header === undefined) {
    return { key: randomUUID(), given: false };
  }
  const [, quoted, plain] =
    /^(?:"([\x21\x23-\x7e]{1,255})"|([\x21\x23-\x7e]{1,255}))$/u.exec(String(header)) ?? [];
  const key = quoted ?? plain;
  if (key === undefined) {
    throw new Refused(
      refuse(
        'GTW_IDEMPOTENCY_KEY_INVALID',
        'malformed',
        'Idempotency-Key takes 1 to 255 visible ASCII characters.',
      ),
    );
  }
  return { key, given: true };
};

/** The version that If-Match demands; null for `*`. Refuses what is missing (428), malformed (400) or weak (412). */
export const expectedVersionOf = (header: string | undefined): number | null => {
  if (header === undefined) {
    throw new Refused(
      refuse(
        'WRN_IF_MATCH_REQUIRED',
        'precondition-required',
        'Say which version you mean: If-Match: "<ETag>", or * for any.',
      ),
    );
  }
  if (header.trim() === '*') {
    return null;
  }
  if (/^W\/"[^"]*"$/u.test(header.trim())) {
    throw new Refused(
      refuse('WRN_STALE', 'stale', 'A weak ETag (W/"…") never matches in If-Match; send it as it was given.'),
    );
  }
  const [, version] = /^"([0-9]{1,9})"$/u.exec(header.trim()) ?? [];
  if (version === undefined) {
    throw new Refused(
      refuse('GTW_IF_MATCH_INVALID', 'malformed', 'If-Match takes one ETag as it was given, or *.'),
    );
  }
  return Number(version);
};

import { randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** The parts of an API key: `lk_<id>_<secret><checksum>`. */
export interface KeyText {
  readonly id: string;
  readonly secret: string;
}

const FORM = /^lk_([0-9a-f]{16})_([A-Za-z0-9_-]{43})([0-9a-f]{8})$/u;

const checksum = (id: string, secret: string): string =>
  crc32(`${id}.${secret}`).toString(16).padStart(8, '0');

/** A new key: 32 random bytes of secret. */
export const newKeyText = (): KeyText => ({
  id: randomBytes(8).toString('hex'),
  secret: randomBytes(32).toString('base64url'),
});

export const showKey = ({ id, secret }: KeyText): string => `lk_${id}_${secret}${checksum(id, secret)}`;

/** Null for text that is no key; the checksum spares the database the typing errors. */
export const readKey = (text: string): KeyText | null => {
  const [, id, secret, sum] = FORM.exec(text) ?? [];
  return id && secret && sum === checksum(id, secret) ? { id, secret } : null;
};

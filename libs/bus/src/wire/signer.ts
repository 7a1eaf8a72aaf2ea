import { timingSafeEqual } from 'node:crypto';

/** Signs what only the gateway and the services may put on a command topic. */
export interface Signer {
  sign(text: string): string;
  verify(text: string, signature: string): boolean;
}

/** A signer over a keyed MAC, e.g. `(text) => secrets.mac('commands', text)`. */
export const macSigner = (mac: (text: string) => Buffer): Signer => ({
  sign: (text) => mac(text).toString('base64url'),
  verify(text, signature) {
    const given = Buffer.from(signature, 'base64url');
    const expected = mac(text);
    return given.length === expected.length && timingSafeEqual(given, expected);
  },
});

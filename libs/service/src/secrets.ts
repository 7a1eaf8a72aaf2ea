import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';

/** Keys derived from one master secret (HKDF, RFC 5869), one per purpose; nobody handles the master. */
export interface Secrets {
  /** HMAC-SHA-256 of `text` under the key of `purpose`; 32 bytes. */
  mac(purpose: string, text: string): Buffer;
  /** AES-256-GCM under the key of `purpose`; base64url of nonce, tag, ciphertext. */
  seal(purpose: string, text: string): string;
  open(purpose: string, sealed: string): string;
}

const SHORTEST_MASTER = 32;
const NONCE = 12;
const TAG = 16;

/** Derives one key per use and purpose, so that a MAC key never encrypts. Purposes are few and fixed: they are kept. */
const keyring = (master: string) => {
  const keys = new Map<string, Buffer>();
  return (use: 'mac' | 'seal', purpose: string): Buffer => {
    const info = `linli/${use}/${purpose}`;
    let key = keys.get(info);
    if (!key) {
      key = Buffer.from(hkdfSync('sha256', master, 'linli', info, 32));
      keys.set(info, key);
    }
    return key;
  };
};

/** Secrets of a deployment. The master is text of at least 32 characters. */
export const secretsFrom = (master: string): Secrets => {
  if (master.length < SHORTEST_MASTER) {
    throw new Error(`the master secret needs at least ${SHORTEST_MASTER} characters`);
  }
  const keyFor = keyring(master);
  return {
    mac: (purpose, text) => createHmac('sha256', keyFor('mac', purpose)).update(text).digest(),
    seal(purpose, text) {
      const nonce = randomBytes(NONCE);
      const cipher = createCipheriv('aes-256-gcm', keyFor('seal', purpose), nonce);
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url');
    },
    open(purpose, sealed) {
      const bytes = Buffer.from(sealed, 'base64url');
      const decipher = createDecipheriv('aes-256-gcm', keyFor('seal', purpose), bytes.subarray(0, NONCE), {
        authTagLength: TAG,
      });
      decipher.setAuthTag(bytes.subarray(NONCE, NONCE + TAG));
      return decipher.update(bytes.subarray(NONCE + TAG), undefined, 'utf8') + decipher.final('utf8');
    },
  };
};

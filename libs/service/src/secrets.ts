import { createCipheriv, createDecipheriv, createHmac, hash, hkdfSync, randomBytes } from 'node:crypto';

/** Keys derived from one master secret (HKDF, RFC 5869), one per purpose; nobody handles the master. */
export interface Secrets {
  /** HMAC-SHA-256 of `text` under the key of `purpose`; 32 bytes. */
  mac(purpose: string, text: string): Buffer;
  /** The same in lower-case hex. */
  macHex(purpose: string, text: string): string;
  /** AES-256-GCM under the key of `purpose`; base64url of nonce, tag, ciphertext. */
  seal(purpose: string, text: string): string;
  open(purpose: string, sealed: string): string;
  /** The keys of some purposes, and of nothing else, for a thread of this process. */
  only(purposes: readonly string[]): PurposeKeys;
}

/** Derived keys by use and purpose; plain data, so that they can go to another thread. */
export interface PurposeKeys {
  readonly mac: ReadonlyMap<string, Uint8Array>;
  readonly seal: ReadonlyMap<string, Uint8Array>;
}

type KeyFor = (use: keyof PurposeKeys, purpose: string) => Uint8Array;

const SHORTEST_MASTER = 32;
const NONCE = 12;
const TAG = 16;
const NONCES_AT_ONCE = 512;

/** Random nonces, drawn many at once: a draw costs as much for one as for hundreds. None is given out twice. */
const nonceSource = () => {
  let drawn = Buffer.alloc(0);
  let used = 0;
  return (): Buffer => {
    if (used === drawn.length) {
      drawn = randomBytes(NONCE * NONCES_AT_ONCE);
      used = 0;
    }
    used += NONCE;
    return drawn.subarray(used - NONCE, used);
  };
};

/** Derives one key per use and purpose, so that a MAC key never encrypts. Purposes are few and fixed: they are kept. */
const derivedFrom = (master: string): KeyFor => {
  const keys = { mac: new Map<string, Uint8Array>(), seal: new Map<string, Uint8Array>() };
  return (use, purpose) => {
    let key = keys[use].get(purpose);
    if (!key) {
      key = new Uint8Array(hkdfSync('sha256', master, 'linli', `linli/${use}/${purpose}`, 32));
      keys[use].set(purpose, key);
    }
    return key;
  };
};

const BLOCK = 64;
const LONGEST_SHORT = 1024;

/** The key, filled up to a block of SHA-256 and mixed with the pad, and room for what is hashed behind it. */
const padded = (key: Uint8Array, pad: number, room: number): Buffer => {
  const block = Buffer.alloc(BLOCK + room, 0).fill(pad, 0, BLOCK);
  for (const [at, byte] of key.entries()) {
    block[at] = byte ^ pad;
  }
  return block;
};

/**
 * HMAC-SHA-256 as RFC 2104 writes it, of two hashes in one call each: for a short text an object of the crypto library
 * costs more than all the hashing.
 */
const shortMac = (key: Uint8Array): ((text: string) => string) => {
  const inner = padded(key, 0x36, LONGEST_SHORT);
  const outer = padded(key, 0x5c, 32);
  return (text) => {
    const length = inner.write(text, BLOCK, 'utf8');
    outer.write(hash('sha256', inner.subarray(0, BLOCK + length), 'binary'), BLOCK, 'binary');
    return hash('sha256', outer, 'hex');
  };
};

const hexMacs = (keyFor: KeyFor): Secrets['macHex'] => {
  const macs = new Map<string, (text: string) => string>();
  return (purpose, text) => {
    if (text.length * 3 > LONGEST_SHORT) {
      return createHmac('sha256', keyFor('mac', purpose)).update(text).digest('hex');
    }
    const mac = macs.get(purpose) ?? shortMac(keyFor('mac', purpose));
    macs.set(purpose, mac);
    return mac(text);
  };
};

const secretsOver = (keyFor: KeyFor): Secrets => {
  const nextNonce = nonceSource();
  return {
    mac: (purpose, text) => createHmac('sha256', keyFor('mac', purpose)).update(text).digest(),
    macHex: hexMacs(keyFor),
    seal(purpose, text) {
      const nonce = nextNonce();
      const cipher = createCipheriv('aes-256-gcm', keyFor('seal', purpose), nonce);
      const body = cipher.update(text, 'utf8');
      cipher.final(); // of this mode: no bytes, but the tag
      const sealed = Buffer.allocUnsafe(NONCE + TAG + body.length);
      nonce.copy(sealed);
      cipher.getAuthTag().copy(sealed, NONCE);
      body.copy(sealed, NONCE + TAG);
      return sealed.toString('base64url');
    },
    open(purpose, sealed) {
      const bytes = Buffer.from(sealed, 'base64url');
      const decipher = createDecipheriv('aes-256-gcm', keyFor('seal', purpose), bytes.subarray(0, NONCE), {
        authTagLength: TAG,
      });
      decipher.setAuthTag(bytes.subarray(NONCE, NONCE + TAG));
      return decipher.update(bytes.subarray(NONCE + TAG), undefined, 'utf8') + decipher.final('utf8');
    },
    only(purposes) {
      const keys = (use: keyof PurposeKeys) =>
        new Map(purposes.map((purpose) => [purpose, keyFor(use, purpose)]));
      return { mac: keys('mac'), seal: keys('seal') };
    },
  };
};

/** Secrets of a deployment. The master is text of at least 32 characters. */
export const secretsFrom = (master: string): Secrets => {
  if (master.length < SHORTEST_MASTER) {
    throw new Error(`the master secret needs at least ${SHORTEST_MASTER} characters`);
  }
  return secretsOver(derivedFrom(master));
};

/** The same secrets for the purposes of these keys; another purpose throws. */
export const secretsOf = (keys: PurposeKeys): Secrets =>
  secretsOver((use, purpose) => {
    const key = keys[use].get(purpose);
    if (!key) {
      throw new Error(`no key for the purpose ${purpose} here`);
    }
    return key;
  });

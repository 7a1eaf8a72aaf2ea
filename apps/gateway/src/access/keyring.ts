import { timingSafeEqual } from 'node:crypto';
import { scopes, type Principal } from '@linli/contracts';
import { type Clock, within } from '@linli/kernel';
import { refuse, Refused } from '@linli/kernel';
import { RefusedWith, type Secrets } from '@linli/service';
import type { Logger } from 'pino';
import { readKey, type KeyText } from './key-text.js';
import type { ApiKeys, StoredKey } from '../store/api-keys.js';

export const BOOTSTRAP_ID = 'bootstrap';

const PURPOSE = 'gateway.api-key';
/** With the way of a revocation to the database well within the promised 5 seconds. */
const FRESH_MS = 3000;
/** While the database is away no key can be revoked either: what was known goes on for a while. */
const GRACE_MS = 60_000;
const ANSWER_MS = 1000;
const MOST_KEPT = 10_000;

interface Kept {
  /** When it was last asked for, and when last answered. */
  asked: number;
  known: { readonly key: StoredKey | null; readonly at: number } | null;
  asking: Promise<void> | null;
}

const denied = (code: string, detail: string): Refused =>
  new RefusedWith(refuse(code, 'unauthenticated', detail), {
    headers: { 'www-authenticate': `Bearer realm="linli", error="invalid_token"` },
  });

/** MAC under which a key is stored; the key itself is never. */
export const macOf = (secrets: Secrets, { id, secret }: KeyText): Buffer =>
  secrets.mac(PURPOSE, `${id}.${secret}`);

const principalOfKey = (key: StoredKey): Principal => ({
  tenant: key.tenant,
  keyId: key.id,
  name: key.name,
  scopes: [...key.scopes],
  areas: key.areas === null ? null : [...key.areas],
});

const bootstrapPrincipal: Principal = {
  tenant: 'default',
  keyId: BOOTSTRAP_ID,
  name: 'bootstrap key',
  scopes: [...scopes],
  areas: null,
};

/** Knows who shows a key. Reads of the database are kept for three seconds, and only one of a kind is in the air. */
export class Keyring {
  private readonly kept = new Map<string, Kept>();
  private readonly bootstrapMac: Buffer;

  constructor(
    private readonly store: Pick<ApiKeys, 'find'>,
    private readonly parts: { secrets: Secrets; clock: Clock; logger: Pick<Logger, 'warn'> },
    bootstrapKey: string,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.bootstrapMac = parts.secrets.mac(PURPOSE, bootstrapKey);
  }

  /** The principal of an Authorization header; refuses (401) what is missing, wrong, expired or revoked. */
  async principalOf(authorization: string | undefined): Promise<Principal> {
    const [, shown] = /^bearer +([\x20-\x7e]+)$/iu.exec(authorization ?? '') ?? [];
    if (shown === undefined) {
      throw new Refused(
        refuse('GTW_KEY_MISSING', 'unauthenticated', 'Send an API key: Authorization: Bearer <key>.'),
      );
    }
    if (timingSafeEqual(this.parts.secrets.mac(PURPOSE, shown), this.bootstrapMac)) {
      return bootstrapPrincipal;
    }
    const text = readKey(shown);
    const key = text && (await this.known(text.id));
    if (!key || !timingSafeEqual(macOf(this.parts.secrets, text), key.mac) || key.revokedAt) {
      throw denied('GTW_KEY_INVALID', 'This API key is not known, or was revoked.');
    }
    if (key.expiresAt && key.expiresAt <= this.parts.clock.now()) {
      throw denied('GTW_KEY_EXPIRED', 'This API key has expired.');
    }
    return principalOfKey(key);
  }

  /** Forgets a key, so that a revocation by this gateway takes effect at once. */
  forget(id: string): void {
    this.kept.delete(id);
  }

  private async known(id: string): Promise<StoredKey | null> {
    const kept = this.keptOf(id);
    if (this.now() - kept.asked >= FRESH_MS) {
      kept.asked = this.now();
      kept.asking = this.refresh(id, kept);
    }
    await kept.asking;
    if (!kept.known || this.now() - kept.known.at >= GRACE_MS) {
      this.kept.delete(id);
      throw new Refused(
        refuse('GTW_KEYS_UNAVAILABLE', 'unavailable', 'API keys cannot be checked right now.'),
      );
    }
    return kept.known.key;
  }

  private keptOf(id: string): Kept {
    const kept = this.kept.get(id) ?? { asked: Number.NEGATIVE_INFINITY, known: null, asking: null };
    if (!this.kept.has(id)) {
      if (this.kept.size >= MOST_KEPT) {
        this.kept.clear();
      }
      this.kept.set(id, kept);
    }
    return kept;
  }

  /** Never rejects: what was known before stays, and its age decides. */
  private async refresh(id: string, kept: Kept): Promise<void> {
    const at = this.now();
    try {
      kept.known = { key: await within(ANSWER_MS, this.store.find(id)), at };
    } catch (error) {
      this.parts.logger.warn({ err: error }, 'API keys cannot be read; the last known are used');
    } finally {
      kept.asking = null;
    }
  }
}

import { NewApiKey, type ApiKey, type Principal } from '@linli/contracts';
import { refuse, Refused } from '@linli/kernel';
import { Caller, queryPipe, zodPipe, type ServiceParts } from '@linli/service';
import { Body, Controller, Inject, Param, Query } from '@nestjs/common';
import type { z } from 'zod';
import { BOOTSTRAP_ID, Keyring, macOf } from '../access/keyring.js';
import { newKeyText, showKey } from '../access/key-text.js';
import { within } from '../access/reach.js';
import { createApiKey, listApiKeys, revokeApiKey } from '../api/key-operations.js';
import { Serves } from '../api/operation.js';
import { PARTS } from '../parts.js';
import { ApiKeys, type StoredKey } from '../store/api-keys.js';

const listQuery = listApiKeys.query as NonNullable<typeof listApiKeys.query>;
const PAGE = 50;

const shown = (key: StoredKey): ApiKey => ({
  id: key.id,
  name: key.name,
  tenant: key.tenant,
  scopes: [...key.scopes],
  areas: key.areas === null ? null : [...key.areas],
  createdAt: key.createdAt.toISOString(),
  expiresAt: key.expiresAt?.toISOString() ?? null,
  revokedAt: key.revokedAt?.toISOString() ?? null,
});

const tenantFor = (caller: Principal, asked: string | undefined): string => {
  if (asked !== undefined && asked !== caller.tenant && caller.keyId !== BOOTSTRAP_ID) {
    throw new Refused(
      refuse('GTW_TENANT_FORBIDDEN', 'forbidden', 'Only the bootstrap key names other tenants.'),
    );
  }
  return asked ?? caller.tenant;
};

const checkReach = (caller: Principal, wanted: NewApiKey): void => {
  const beyond = wanted.scopes.filter((scope) => !caller.scopes.includes(scope));
  if (beyond.length > 0) {
    throw new Refused(
      refuse('GTW_SCOPE_EXCEEDED', 'forbidden', `Your key lacks ${beyond.join(', ')} itself.`),
    );
  }
  if (!within(wanted.areas ?? caller.areas, caller.areas)) {
    throw new Refused(
      refuse('GTW_AREA_EXCEEDED', 'forbidden', 'These areas reach beyond those of your key.'),
    );
  }
};

/** A key revokes what it could have handed out, never a mightier one. */
const mayRevoke = (caller: Principal, key: StoredKey): boolean =>
  (caller.keyId === BOOTSTRAP_ID || key.tenant === caller.tenant) &&
  key.scopes.every((scope) => caller.scopes.includes(scope)) &&
  within(key.areas, caller.areas);

const expiryOf = (wanted: NewApiKey, now: Date): Date | null => {
  const expiresAt = wanted.expiresAt === undefined ? null : new Date(wanted.expiresAt);
  if (expiresAt && expiresAt <= now) {
    const flaw = { pointer: '/expiresAt', code: 'PAST', detail: 'must lie in the future' };
    throw new Refused(refuse('GTW_EXPIRY_PAST', 'invalid', 'The key would have expired already.', [flaw]));
  }
  return expiresAt;
};

@Controller()
export class ApiKeysController {
  constructor(
    @Inject(ApiKeys) private readonly keys: ApiKeys,
    @Inject(Keyring) private readonly keyring: Keyring,
    @Inject(PARTS) private readonly parts: Pick<ServiceParts, 'clock' | 'secrets'>,
  ) {}

  @Serves(createApiKey)
  async create(@Caller() caller: Principal, @Body(zodPipe(NewApiKey)) wanted: NewApiKey) {
    checkReach(caller, wanted);
    const text = newKeyText();
    const createdAt = this.parts.clock.now();
    await this.keys.add({
      id: text.id,
      tenant: tenantFor(caller, wanted.tenant),
      name: wanted.name,
      mac: macOf(this.parts.secrets, text),
      scopes: wanted.scopes,
      areas: wanted.areas ?? caller.areas,
      createdAt,
      createdBy: caller.keyId,
      expiresAt: expiryOf(wanted, createdAt),
      revokedAt: null,
    });
    return { id: text.id, key: showKey(text) };
  }

  @Serves(listApiKeys)
  async list(@Caller() caller: Principal, @Query(queryPipe(listQuery)) query: z.output<typeof listQuery>) {
    const {
      tenant,
      limit = PAGE,
      cursor = null,
    } = query as {
      tenant?: string;
      limit?: number;
      cursor?: string;
    };
    const found = await this.keys.list(tenantFor(caller, tenant), caller.areas, limit + 1, cursor);
    const items = found.slice(0, limit).map(shown);
    return { items, next: found.length > limit ? (items.at(-1)?.id ?? null) : null };
  }

  @Serves(revokeApiKey)
  async revoke(@Caller() caller: Principal, @Param('id') id: string): Promise<void> {
    const key = /^[0-9a-f]{16}$/u.test(id) ? await this.keys.find(id) : null;
    if (!key || !mayRevoke(caller, key)) {
      throw new Refused(refuse('GTW_KEY_NOT_FOUND', 'not-found', 'There is no such key.'));
    }
    await this.keys.revoke(id, this.parts.clock.now());
    this.keyring.forget(id);
  }
}

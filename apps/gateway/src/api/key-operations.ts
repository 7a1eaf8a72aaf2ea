import { ApiKey, IssuedApiKey, NewApiKey } from '@linli/contracts';
import { z } from 'zod';
import type { Operation } from './operation.js';
import { cursor, limit } from './query-types.js';

const tenant = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/u)
  .describe('Only the bootstrap key may name another tenant.');

export const ApiKeyPage = z.object({ items: z.array(ApiKey), next: z.string().nullable() });

export const createApiKey: Operation = {
  id: 'createApiKey',
  method: 'POST',
  path: '/v1/api-keys',
  scope: 'keys:write',
  tag: 'API keys',
  summary: 'Create an API key',
  describes: 'The key is shown this once. A key can hand out only what it has: scopes, areas, tenant.',
  bodies: { 'application/json': NewApiKey },
  answers: { 201: { means: 'The key, shown this once.', body: IssuedApiKey } },
  problems: {
    403: ['GTW_SCOPE_EXCEEDED', 'GTW_AREA_EXCEEDED', 'GTW_TENANT_FORBIDDEN'],
    422: ['GTW_EXPIRY_PAST'],
  },
};

export const listApiKeys: Operation = {
  id: 'listApiKeys',
  method: 'GET',
  path: '/v1/api-keys',
  scope: 'keys:write',
  tag: 'API keys',
  summary: 'List API keys',
  describes: 'Keys of the tenant that lie within the areas of the asking key; never their secrets.',
  query: z.object({ limit: limit.optional(), cursor: cursor.optional(), tenant: tenant.optional() }),
  answers: { 200: { means: 'A page of keys.', body: ApiKeyPage } },
  problems: { 403: ['GTW_TENANT_FORBIDDEN'] },
};

export const revokeApiKey: Operation = {
  id: 'revokeApiKey',
  method: 'DELETE',
  path: '/v1/api-keys/{id}',
  scope: 'keys:write',
  tag: 'API keys',
  summary: 'Revoke an API key',
  describes:
    'Takes effect within five seconds everywhere. Revoking twice is the same as once. A key revokes only keys whose ' +
    'scopes and areas lie within its own; for it there are no others (404).',
  params: z.object({ id: z.string() }),
  answers: { 204: { means: 'The key is revoked.' } },
  problems: { 404: ['GTW_KEY_NOT_FOUND'] },
};

export const keyOperations = [createApiKey, listApiKeys, revokeApiKey] as const;

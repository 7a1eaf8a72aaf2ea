import { z } from 'zod';

/** What a key may do. Deny by default: a route or a command names the scope that it needs. */
export const scopes = [
  'risk:write',
  'risk:read',
  'warnings:read',
  'warnings:write',
  'areas:write',
  'calendars:write',
  'keys:write',
  'ops',
] as const;

export const Scope = z.enum(scopes).describe('One permission of an API key.');
export type Scope = z.infer<typeof Scope>;

/** Division codes are prefixes: 330106 holds 330106003 and 330106003012 (GB/T 2260, GB/T 10114). */
export const AreaPrefix = z
  .string()
  .regex(/^[0-9]{2,17}$/u, 'must be 2 to 17 digits')
  .describe(
    'Division code prefix, 2 to 17 digits (province 2, city 4, district 6, street 9, community 12, grid 15).',
  );

/** Who acts, as authenticated by the gateway; travels signed with every command and query. */
export const Principal = z.object({
  tenant: z.string().min(1).max(64).describe('The customer whose data this is.'),
  keyId: z.string().min(1).max(64).describe('Identifier of the API key used.'),
  name: z.string().max(200).describe('Name given to the key: what is shown in timelines.'),
  scopes: z.array(Scope),
  areas: z
    .array(AreaPrefix)
    .nullable()
    .describe('Area prefixes the principal may see and change; null = everywhere.'),
});
export type Principal = z.infer<typeof Principal>;

/** True if the principal may see or change what lies in `area` (a division code). */
export const covers = (principal: Pick<Principal, 'areas'>, area: string): boolean =>
  principal.areas === null || principal.areas.some((prefix) => area.startsWith(prefix));

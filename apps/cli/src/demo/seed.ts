import { IssuedApiKey, type Scope } from '@linli/contracts';
import type { Api } from '../client/api.js';
import { DISTRICT, districtBody, streets, type Cell } from '../casework/district.js';

/** The people and systems of the story, each with a key that may do just what it must. */
export interface Cast {
  readonly brainKey: string;
  readonly dutyKey: string;
  readonly officerKeys: ReadonlyMap<string, string>;
}

const keyMaker = (admin: Api) => async (name: string, scopes: readonly Scope[], area: string) => {
  const made = await admin.command('/v1/api-keys', { name, scopes, areas: [area] });
  return IssuedApiKey.parse(made).key;
};

/** Loads the district and makes the keys. */
export const seed = async (admin: Api, cells: readonly Cell[]): Promise<Cast> => {
  await admin.command('/v1/areas', districtBody(cells));
  const newKey = keyMaker(admin);
  const officerKeys = new Map<string, string>();
  for (const [street, name] of streets) {
    officerKeys.set(
      street,
      await newKey(`Officer of street ${name}`, ['warnings:read', 'warnings:write'], street),
    );
  }
  return {
    brainKey: await newKey('Urban brain', ['risk:write', 'risk:read'], DISTRICT),
    dutyKey: await newKey('Duty officer', ['warnings:read', 'warnings:write', 'risk:read'], DISTRICT),
    officerKeys,
  };
};

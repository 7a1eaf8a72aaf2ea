import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ApiKey } from '@linli/contracts';
import { DAY, systemClock } from '@linli/kernel';
import type { Config } from '@linli/service';
import { z } from 'zod';
import type { Api } from '../client/api.js';
import { Declined } from '../client/faults.js';
import { right, unknown, wrong, type Finding } from './finding.js';

const SOON_MS = 14 * DAY;
const Page = z.object({ items: z.array(ApiKey), next: z.string().nullable() });

const keptIn = ({ dataDir }: Config, name: string, setting: string): Finding => {
  const path = join(dataDir, name);
  if (!existsSync(path))
    return unknown(
      'keys',
      `${setting} is not set, and ${path} is not here`,
      'look on the host that runs the system',
    );
  const open = (statSync(path).mode & 0o077) !== 0;
  return open
    ? wrong('keys', `${path} can be read by others`, `chmod 600 ${path}`)
    : right('keys', `${setting} was generated; it is kept in ${path}, for its owner only`);
};

/** Where the two roots of trust come from. */
export const examineSecrets = (config: Config): Finding[] => [
  config.apiKey === null ? keptIn(config, 'api-key', 'LINLI_API_KEY') : right('keys', 'LINLI_API_KEY is set'),
  config.secret !== null
    ? right('keys', 'LINLI_SECRET is set')
    : config.databaseUrl === null
      ? keptIn(config, 'secret', 'LINLI_SECRET')
      : wrong(
          'keys',
          'LINLI_SECRET is not set: a generated one is kept in the database, and who steals the database can open what it sealed',
          'set LINLI_SECRET on every host to the generated one (select generated from deployment.secret), then delete it there: update deployment.secret set generated = null',
        ),
];

const allKeys = async (api: Api): Promise<z.infer<typeof ApiKey>[]> => {
  const found: z.infer<typeof ApiKey>[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const more: string = cursor && `&cursor=${encodeURIComponent(cursor)}`;
    const page: z.infer<typeof Page> = await api.get(`/v1/api-keys?limit=200${more}`, Page);
    found.push(...page.items);
    cursor = page.next;
  }
  return found;
};

/** Keys that end within 14 days: whoever uses them will be locked out. */
export const examineKeys = async (api: Api, now = systemClock.now().getTime()): Promise<Finding[]> => {
  try {
    const keys = (await allKeys(api)).filter(({ revokedAt }) => revokedAt === null);
    const ending = keys.filter(
      ({ expiresAt }) =>
        expiresAt !== null && Date.parse(expiresAt) > now && Date.parse(expiresAt) < now + SOON_MS,
    );
    if (ending.length === 0) return [right('keys', `${keys.length} API keys, none ends within 14 days`)];
    return ending.map(({ id, name, expiresAt }) =>
      wrong(
        'keys',
        `the key ${name} (${id}) ends at ${expiresAt}`,
        'make its successor (POST /v1/api-keys) and hand it over',
      ),
    );
  } catch (error) {
    if (error instanceof Declined && error.status === 403)
      return [unknown('keys', 'the key given may not list keys', 'use one with the scope keys:write')];
    throw error;
  }
};

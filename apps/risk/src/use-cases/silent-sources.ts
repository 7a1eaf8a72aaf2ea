import { MINUTE } from '@linli/kernel';
import type { Database } from '@linli/store';
import { isNews, silentSince } from '../domain/rhythm.js';
import type { Parts } from '../parts.js';
import { heartbeats } from '../store/heartbeats.js';

/** A source that should have been heard by now. */
interface SilentSource {
  readonly tenant: string;
  readonly source: string;
  readonly since: number;
}

/** Heartbeats are noted in such steps: who looks more often sees nothing else. */
const EVERY = 5 * MINUTE;

const lookedBy = new WeakMap<Database, { readonly at: number; readonly found: Promise<SilentSource[]> }>();

const look = async (database: Database, now: number): Promise<SilentSource[]> =>
  (await heartbeats.heard(database.connection('http'), null)).flatMap(({ tenant, source, ...heard }) => {
    const since = silentSince(heard, now);
    return since === null ? [] : [{ tenant, source, since }];
  });

/** The silent sources of all tenants, looked up once in five minutes: it reads what all of them said in sixty days. */
const silentSources = ({ database, clock }: Pick<Parts, 'database' | 'clock'>): Promise<SilentSource[]> => {
  const now = clock.now().getTime();
  const looked = lookedBy.get(database);
  if (looked && Math.abs(now - looked.at) < EVERY) return looked.found;
  const found = look(database, now);
  lookedBy.set(database, { at: now, found });
  found.catch(() => lookedBy.delete(database));
  return found;
};

export const countSilentSources = async (parts: Pick<Parts, 'database' | 'clock'>): Promise<number> =>
  (await silentSources(parts)).length;

const MOST_NAMED = 5;

/** One sentence on those that fell silent of late, if any did. */
export const silentSourcesAttention = async (
  parts: Pick<Parts, 'database' | 'clock'>,
): Promise<readonly string[]> => {
  const now = parts.clock.now().getTime();
  const fresh = (await silentSources(parts)).filter(({ since }) => isNews(since, now));
  if (fresh.length === 0) return [];
  const named = fresh.slice(0, MOST_NAMED).map(({ tenant, source }) => `${source} (${tenant})`);
  const more = fresh.length > MOST_NAMED ? ` and ${fresh.length - MOST_NAMED} more` : '';
  return [`sources are silent that should have been heard: ${named.join(', ')}${more}: GET /v1/risk/sources`];
};

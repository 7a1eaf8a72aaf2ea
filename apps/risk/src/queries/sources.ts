import { defaultCredibility, type Credits, type Principal, type RiskSources } from '@linli/contracts';
import { MINUTE } from '@linli/kernel';
import type { Database } from '@linli/store';
import { learned } from '../domain/credibility.js';
import { expectedBy, silentSince, type Heard } from '../domain/rhythm.js';
import { credits, type CreditRow } from '../store/credits.js';
import { heartbeats } from '../store/heartbeats.js';

const MOST_CREDITS = 200;

const iso = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());

const rhythmOf = (heard: Heard | undefined, now: number) => ({
  lastHeardAt: iso(heard?.lastAt ?? null),
  usualPauseMinutes: heard?.usualPause == null ? null : heard.usualPause / MINUTE,
  expectedBy: iso(heard ? expectedBy(heard) : null),
  silentSince: iso(heard ? silentSince(heard, now) : null),
});

/** The sources that a tenant heard of or has verified, by name: are they heard, are they right. */
export const riskSources = (database: Database, principal: Principal, now: number): Promise<RiskSources> =>
  database.readAs({ ...principal, areas: null }, async (tx) => {
    const heard = new Map((await heartbeats.heard(tx, principal.tenant)).map((one) => [one.source, one]));
    const records = await credits.records(tx, principal.tenant);
    const names = [...new Set([...heard.keys(), ...records.keys()])].toSorted();
    return {
      items: names.map((source) => {
        const record = records.get(source) ?? { right: 0, wrong: 0 };
        const byDefault = defaultCredibility(source);
        return {
          source,
          ...rhythmOf(heard.get(source), now),
          credibility: { default: byDefault, ...learned(byDefault, record), ...record },
        };
      }),
    };
  });

const creditOf = (row: CreditRow): Credits['items'][number] => ({
  source: row.source,
  warning: row.warning_id,
  right: row.is_right,
  at: row.at.toISOString(),
  undone: row.undone_at && {
    at: row.undone_at.toISOString(),
    by: row.undone_by ?? '',
    reason: row.undone_reason ?? '',
  },
});

/** What verified warnings taught about sources, as far as the principal sees the warnings. */
export const riskCredits = (
  database: Database,
  principal: Principal,
  source: string | undefined,
): Promise<Credits> =>
  database.readAs(principal, async (tx) => {
    const { tenant, areas } = principal;
    return { items: (await credits.latest(tx, { tenant, areas, source }, MOST_CREDITS)).map(creditOf) };
  });

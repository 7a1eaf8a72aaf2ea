import { defaultCredibility, type IntakeView, type Principal } from '@linli/contracts';
import type { Database } from '@linli/store';
import { learned } from '../domain/credibility.js';
import { credits } from '../store/credits.js';

/** What the gateway needs to sort events at the door: of the whole tenant. */
export const intakeView = (database: Database, principal: Principal): Promise<IntakeView> =>
  database.readAs(principal, async (tx) => {
    const mappings = await tx.query<{ kind: string; sent: string; known: string }>(
      'SELECT kind, sent, known FROM risk_mapping WHERE tenant = $1 ORDER BY kind, sent',
      [principal.tenant],
    );
    const codes = await tx.query<{ code: string }>(
      'SELECT code FROM risk_area WHERE tenant = $1 ORDER BY code',
      [principal.tenant],
    );
    const records = await credits.records(tx, principal.tenant);
    const of = (kind: string) =>
      Object.fromEntries(mappings.filter((m) => m.kind === kind).map(({ sent, known }) => [sent, known]));
    return {
      categories: of('category'),
      areas: of('area'),
      loadedAreas: codes.length === 0 ? null : codes.map(({ code }) => code),
      credibilities: Object.fromEntries(
        [...records].map(([source, record]) => [source, learned(defaultCredibility(source), record).mean]),
      ),
    };
  });

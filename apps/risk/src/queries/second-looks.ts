import type { Principal, SecondLooks } from '@linli/contracts';
import type { Database } from '@linli/store';
import { scopeView } from '../published.js';
import { secondLooks } from '../store/second-looks.js';

const MOST = 200;

/** The warnings that wait for a second officer: not for one who verified them first, and nothing of what was found. */
export const waitingSecondLooks = (database: Database, principal: Principal): Promise<SecondLooks> =>
  database.readAs(principal, async (tx) => ({
    items: (await secondLooks.waiting(tx, principal, MOST)).map((row) => ({
      warning: row.warning_id,
      category: row.category,
      area: row.area,
      scope: scopeView({ kind: row.scope_kind, name: row.scope_name }),
      askedAt: row.asked_at.toISOString(),
    })),
  }));

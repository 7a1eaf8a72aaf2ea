import type { FactHandler } from '@linli/bus';
import { COMMANDS, NOTE, TENANT, type Repairs, type Wish } from './casework.js';
import type { SimTransaction } from './transaction.js';

/** One row for each fact that was ever heard and committed. */
export interface HeardRow {
  readonly nth: number;
  readonly eventId: string;
  readonly aggregateId: string;
  readonly aggregateVersion: number;
}

/** Another service, which hears what happens to cases and sometimes reacts. */
export const hearing =
  (repairs: Repairs): FactHandler<SimTransaction> =>
  async (fact, handling) => {
    const wish = fact.data as Wish;
    if (wish.poisonFact && !repairs.mended) throw new Error('a fact that cannot be handled');
    const { id, subject, aggregateVersion } = fact;
    const row: Omit<HeardRow, 'nth'> = { eventId: id, aggregateId: subject, aggregateVersion };
    await handling.tx.add('heard', row);
    if (!wish.reaction) return;
    handling.send({
      topic: COMMANDS.name,
      type: NOTE,
      tenant: TENANT,
      aggregateId: subject,
      identity: [id],
      data: {},
    });
  };

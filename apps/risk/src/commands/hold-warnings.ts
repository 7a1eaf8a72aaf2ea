import { BeforeCommands, type Together } from '@linli/bus';
import { riskCommands, type Command, type DeadlineReached } from '@linli/contracts';
import { allOf, groupBy } from '@linli/kernel';
import type { Transaction } from '@linli/store';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { deadlinesOf, PARTS, type Parts } from '../parts.js';
import { places } from '../store/places.js';
import { warnings } from '../store/warnings.js';
import { keepClocksIn, writeClocks, type KeptClocks } from '../use-cases/keep-clocks.js';
import { holdPolicies } from '../use-cases/policies.js';

const evaluated = ({ type, data }: Command): string[] => {
  if (type !== 'risk.evaluate-warning') return [];
  const { data: body } = riskCommands[type].safeParse(data);
  return body ? [body.placeId] : [];
};

const reached = ({ type, data }: Command): DeadlineReached | null =>
  type === 'risk.reach-deadline' ? (riskCommands[type].safeParse(data).data ?? null) : null;

/**
 * The warnings that the commands of a chunk are about, the places that raise them, the policies that they go by and the
 * deadlines that fired are read at once, and written at once.
 */
@Controller()
export class HoldWarnings {
  constructor(@Inject(PARTS) private readonly parts: Pick<Parts, 'deadlines'>) {}

  @BeforeCommands()
  async hold(@Payload() commands: readonly Command[], @Ctx() together: Together): Promise<void> {
    const { tx, beforeCommit } = together;
    const about = commands.filter(({ type }) => type.endsWith('-warning') || type === 'risk.reach-deadline');
    const [, write] = await allOf([
      places.hold(tx, [...new Set(about.flatMap(evaluated))]),
      warnings.hold(
        tx,
        about.map(({ tenant, aggregateId }) => ({ tenant, id: aggregateId })),
      ),
      holdPolicies(tx, [...new Set(about.map(({ tenant }) => tenant))]),
    ]);
    const deadlines = deadlinesOf(this.parts);
    const clocks = keepClocksIn(tx);
    await this.count(commands, tx, clocks);
    beforeCommit(async () => {
      await allOf([write(), writeClocks(deadlines, together, clocks)]);
    });
  }

  /** Which firings count, by what the ledger says before the first command. */
  private async count(commands: readonly Command[], tx: Transaction, clocks: KeptClocks): Promise<void> {
    const fired = commands.flatMap((command) => {
      const firing = reached(command);
      return firing ? [{ tenant: command.tenant, firing }] : [];
    });
    for (const [tenant, ofTenant] of groupBy(fired, (one) => one.tenant)) {
      const firings = ofTenant.map(({ firing }) => firing);
      const counting = await deadlinesOf(this.parts).counting(tx, tenant, firings);
      firings.forEach((firing, n) => clocks.count(firing, counting[n] ?? null));
    }
  }
}

import type { Answer, CommandHandler, NewFact } from '@linli/bus';
import type { Command, TopicSpec } from '@linli/contracts';
import { refuse } from '@linli/kernel';
import type { Machine } from './machine.js';
import type { SimTransaction } from './transaction.js';

export const COMMANDS: TopicSpec = { name: 'linli.casework.commands.v1', partitions: 2, holds: 'commands' };
export const CASES: TopicSpec = { name: 'linli.casework.cases.v1', partitions: 2, holds: 'facts' };
export const NOTED = 'linli.casework.noted.v1';
export const NOTE = 'casework.note';
export const TENANT = 'yuhang';

/** What a command carries: what is to go wrong with it, and what it leads to. */
export interface Wish {
  readonly refuse?: true;
  /** Its handler throws, mostly, until somebody mends it. */
  readonly poison?: true;
  /** Its handler ends the process until somebody mends it. */
  readonly kill?: true;
  /** The fact of it cannot be handled by who hears it. */
  readonly poisonFact?: true;
  /** Leads to a command to the same case, from here or from who hears the fact. */
  readonly echo?: true;
  readonly reaction?: true;
}

/** A case, and how many commands were applied to it. */
export interface CaseRow {
  readonly version: number;
}

/** One row for each effect that was ever committed. */
export interface EffectRow {
  readonly nth: number;
  readonly aggregateId: string;
  readonly version: number;
  readonly commandId: string;
}

export interface Repairs {
  mended: boolean;
}

const factOf = (command: Command, aggregateVersion: number): NewFact => ({
  topic: CASES.name,
  type: NOTED,
  tenant: TENANT,
  aggregateId: command.aggregateId,
  aggregateVersion,
  data: command.data,
});

const fail = (machine: Machine, { poison, kill }: Wish, repairs: Repairs): void => {
  if (repairs.mended) return;
  if (kill) {
    machine.world.faults.follows('killed by a message');
    machine.crash();
  }
  if (poison && machine.world.chance.happens(0.7)) throw new Error('a case that cannot be handled');
};

/** Notes something in a case: its version goes up by one, and a fact is told. */
export const noting =
  (machine: Machine, repairs: Repairs): CommandHandler<SimTransaction> =>
  async (command, handling): Promise<Answer> => {
    const { tx } = handling;
    const wish = command.data as Wish;
    const { aggregateId, commandId } = command;
    if (wish.refuse) return { refusal: refuse('SIM_NO', 'conflict', 'as wished') };
    const row = await tx.read<CaseRow>('case', aggregateId);
    const version = (row?.version ?? 0) + 1;
    await tx.write('case', aggregateId, { version } satisfies CaseRow);
    fail(machine, wish, repairs);
    await tx.add('effect', { aggregateId, version, commandId } satisfies Omit<EffectRow, 'nth'>);
    handling.tell(factOf(command, version));
    if (wish.echo) {
      handling.send({
        topic: COMMANDS.name,
        type: NOTE,
        tenant: TENANT,
        aggregateId,
        identity: [commandId],
        data: {},
      });
    }
    return { resource: { version }, version };
  };

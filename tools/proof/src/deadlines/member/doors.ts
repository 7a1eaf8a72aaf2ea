import { CommandHandler, type Answer, type Handling } from '@linli/bus';
import { DeadlineReached, type Command } from '@linli/contracts';
import { inTime, type Amendment, type Changed, type Deadlines } from '@linli/deadlines';
import type { Transaction } from '@linli/store';
import { Controller, type Type } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import type { Strike } from './strike.js';

export const ARM = 'proof.arm';
export const AMEND = 'proof.amend';
export const REACH = 'proof.reach-deadline';

/** A deadline that is wanted: so many minutes of time as it passes. */
export interface Wanted {
  readonly id: string;
  readonly clock: string;
  /** Milliseconds. */
  readonly from: number;
  readonly minutes: number;
}

/** A change that is asked for. `forMs`: a pause that ends by itself. */
export type Change =
  | { readonly kind: 'pause'; readonly forMs: number | null }
  | { readonly kind: 'resume' }
  | { readonly kind: 'extend'; readonly minutes: number }
  | { readonly kind: 'change'; readonly minutes: number }
  | { readonly kind: 'end' };

export interface Asked {
  readonly id: string;
  readonly change: Change;
}

const note = { by: 'proof', reason: 'proof' };
const minutesOf = (amount: number) => ({ basis: 'wall', amount, unit: 'minutes' }) as const;

const amendmentOf = (change: Change, appendedAt: Date): Amendment => {
  switch (change.kind) {
    case 'pause':
      return change.forMs === null
        ? { kind: 'pause' }
        : { kind: 'pause', until: appendedAt.getTime() + change.forMs };
    case 'extend':
      return { kind: 'extend', more: minutesOf(change.minutes) };
    case 'change':
      return { kind: 'change', budget: minutesOf(change.minutes) };
    case 'resume':
    case 'end':
    default:
      return { kind: change.kind };
  }
};

const DONE: Answer = { resource: null, version: 1 };

const arm = async (ledger: Deadlines<Transaction>, command: Command, handling: Handling): Promise<Answer> => {
  const wanted = (command.data as { readonly deadlines: readonly Wanted[] }).deadlines;
  const { tenant, aggregateId } = command;
  const deadlines = wanted.map(({ minutes, ...one }) => ({
    ...{ ...one, tenant, aggregateId, area: null, unit: null, calendar: 'default' },
    budget: minutesOf(minutes),
  }));
  const armed = await ledger.arm(handling, deadlines, note);
  if ('refusal' in armed) throw new Error(armed.refusal.detail);
  return DONE;
};

const witness = ({ tx, appendedAt }: Handling, { id, change }: Asked, done: Changed): Promise<unknown> => {
  const after = 'refusal' in done ? null : done.deadlines[0];
  if (after === undefined) throw new Error(`there is no deadline ${id}`);
  const version = after?.version ?? 0;
  const refused = 'refusal' in done ? done.refusal.code : null;
  return tx.execute(
    `insert into asked (deadline_id, body, version, refused, in_time, appended_at)
     values ($1, $2::text::jsonb, $3, $4, $5, $6)`,
    [id, JSON.stringify(change), version, refused, after !== null && inTime(after, appendedAt), appendedAt],
  );
};

const hear = async (
  ledger: Deadlines<Transaction>,
  command: Command,
  handling: Handling,
): Promise<Answer> => {
  const firing = DeadlineReached.parse(command.data);
  const deadline = await ledger.reached(handling, command.tenant, firing);
  const { deadlineId, round, rung } = firing;
  await handling.tx.execute('insert into heard (deadline_id, round, rung, counts) values ($1, $2, $3, $4)', [
    ...[deadlineId, round, rung, deadline !== null],
  ]);
  return DONE;
};

/** An aggregate that does with its deadlines what it is asked for, and is a witness of all of it. */
export const aggregate = (ledger: Deadlines<Transaction>, strike: Strike): Type => {
  @Controller()
  class Aggregate {
    @CommandHandler(ARM)
    arm(@Payload() command: Command, @Ctx() handling: Handling): Promise<Answer> {
      return arm(ledger, command, handling);
    }

    @CommandHandler(AMEND)
    async amend(@Payload() command: Command, @Ctx() handling: Handling): Promise<Answer> {
      const asked = command.data as Asked;
      const amendment = amendmentOf(asked.change, handling.appendedAt);
      const done = await ledger.amend(handling, command.tenant, [asked.id], amendment, note);
      strike('in-command');
      await witness(handling, asked, done);
      return DONE;
    }

    @CommandHandler(REACH)
    reach(@Payload() command: Command, @Ctx() handling: Handling): Promise<Answer> {
      return hear(ledger, command, handling);
    }
  }
  return Aggregate;
};

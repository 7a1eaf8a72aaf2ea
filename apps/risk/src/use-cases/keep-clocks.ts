import type { Command, DeadlineReached } from '@linli/contracts';
import type {
  AmendOrder,
  Amendment,
  ArmOrder,
  Changed,
  Deadline,
  Deadlines,
  LedgerWriting,
} from '@linli/deadlines';
import type { Transaction } from '@linli/store';
import type { Actor } from '../domain/authority.js';
import type { ClockStep } from '../domain/clocks.js';
import { ownerOf } from '../domain/owner.js';
import type { ClockName } from '../domain/response.js';
import type { Warning } from '../domain/warning.js';
import { deadlineIdOf } from '../store/identity.js';

const nameOf = ({ deadlineId, round, rung }: DeadlineReached): string => `${deadlineId}/${round}/${rung}`;

/**
 * What the commands of one transaction want of deadlines: looked up at once before the first of them, written at once after
 * the last, so that the statements of a chunk do not grow with its commands.
 */
export class KeptClocks {
  readonly arms: ArmOrder[] = [];
  readonly amends: AmendOrder[] = [];
  readonly heard: string[] = [];
  private readonly counting = new Map<string, { firing: DeadlineReached; deadline: Deadline }>();

  /** Whether a firing counts, as the ledger says before the first command; null: it does not. */
  count(firing: DeadlineReached, deadline: Deadline | null): void {
    if (deadline) this.counting.set(nameOf(firing), { firing, deadline });
    else this.counting.delete(nameOf(firing));
  }

  counts(firing: DeadlineReached): Deadline | null {
    return this.counting.get(nameOf(firing))?.deadline ?? null;
  }

  /** The firings of a tenant that count. */
  of(tenant: string): DeadlineReached[] {
    return [...this.counting.values()]
      .filter(({ deadline }) => deadline.tenant === tenant)
      .map(({ firing }) => firing);
  }

  /** The warning heard that its clock is due. */
  hear(firing: DeadlineReached): void {
    const deadline = this.counts(firing);
    if (deadline?.state === 'due' && deadline.rungs[firing.rung]?.due) this.heard.push(deadline.id);
  }

  /** All that waits to be written, which is then the caller's. */
  take(): Pick<KeptClocks, 'arms' | 'amends' | 'heard'> {
    return { arms: this.arms.splice(0), amends: this.amends.splice(0), heard: this.heard.splice(0) };
  }
}

const all = new WeakMap<Transaction, KeptClocks>();

export const clocksIn = (tx: Transaction): KeptClocks => {
  const clocks = all.get(tx);
  if (!clocks) throw new Error('clocks were turned outside of a chunk of commands');
  return clocks;
};

/** From nothing, as warnings are held. */
export const keepClocksIn = (tx: Transaction): KeptClocks => {
  const clocks = new KeptClocks();
  all.set(tx, clocks);
  return clocks;
};

const granted = (changed: Changed): void => {
  if ('refusal' in changed) throw new Error(`deadlines: ${changed.refusal.code} ${changed.refusal.detail}`);
};

/** Looks again which firings of a tenant count: deadlines were moved since. */
export const countAgain = async (
  deadlines: Deadlines<Transaction>,
  tx: Transaction,
  tenant: string,
): Promise<void> => {
  const clocks = clocksIn(tx);
  const firings = clocks.of(tenant);
  if (firings.length === 0) return;
  const counting = await deadlines.counting(tx, tenant, firings);
  firings.forEach((firing, n) => clocks.count(firing, counting[n] ?? null));
};

/** Writes all that was wanted: heard before changed, armed before changed. */
export const writeClocks = async (
  deadlines: Deadlines<Transaction>,
  writing: LedgerWriting<Transaction>,
  clocks: KeptClocks,
): Promise<void> => {
  const { arms, amends, heard } = clocks.take();
  await deadlines.fired(writing.tx, heard);
  granted(await deadlines.armAll(writing, arms));
  granted(await deadlines.amendAll(writing, amends));
};

/** What turns the clocks of a warning. */
export interface Turning {
  readonly command: Pick<Command, 'tenant' | 'principal'>;
  /** When the log took the command. */
  readonly at: Date;
  readonly actor: Actor;
  readonly because: string;
}

type Start = Extract<ClockStep, { start: unknown }>;

const deadlineOf = (
  tenant: string,
  warning: Warning,
  { start, run, budget, from }: Start,
): ArmOrder['deadline'] => {
  const unit = ownerOf(warning);
  return {
    ...{ id: deadlineIdOf(warning.id, start, run), tenant, area: warning.area, unit, calendar: unit },
    ...{ aggregateId: warning.id, clock: start, budget, from, exercise: warning.exercise },
  };
};

/** Notes what is to happen to the deadlines of a warning. */
export const turnClocks = (
  tx: Transaction,
  warning: Warning,
  steps: readonly ClockStep[],
  { command: { tenant }, at, actor, because }: Turning,
): void => {
  const kept = clocksIn(tx);
  const by = actor.kind === 'key' ? actor.keyId : 'system';
  const amend = (clock: ClockName, run: number, amendment: Amendment): void => {
    const id = deadlineIdOf(warning.id, clock, run);
    kept.amends.push({ tenant, id, amendment, at, note: { by, reason: because } });
  };
  for (const step of steps) {
    if ('end' in step) amend(step.end, step.run, { kind: 'end' });
    else if ('pause' in step) amend(step.pause, step.run, { kind: 'pause' });
    else {
      const note = { by, reason: `${because}; response policy ${step.policy}` };
      kept.arms.push({ deadline: deadlineOf(tenant, warning, step), at, note });
    }
  }
};

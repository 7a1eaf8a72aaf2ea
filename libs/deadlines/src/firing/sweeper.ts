import { Loop, type NewCommand } from '@linli/bus';
import type { DeadlineReached } from '@linli/contracts';
import type { Timers } from '@linli/kernel';
import type { Claim, DeadlineStore } from '../store/deadline-store.js';
import { Gathering } from './gathering.js';

const SWEEP_EVERY_MS = 1_000;
const LONGEST_REST_MS = 2_000;
const AT_ONCE = 500;
/** With so many commands not handled yet it waits: more would not be done any sooner. */
const MOST_WAITING = 5_000;

/** Where the commands of a service to itself go. */
export interface Firing {
  /** The service's own command topic. */
  readonly topic: string;
  /** `<service>.reach-deadline` */
  readonly type: string;
}

/** Writes commands within `tx`; call what it answers after the commit (`Bus.send`). */
export type Send<Tx> = (tx: Tx, commands: readonly NewCommand[]) => Promise<() => void>;

export interface SweeperParts<Tx> extends Firing {
  readonly store: DeadlineStore<Tx>;
  readonly send: Send<Tx>;
  /** How many commands wait to be handled; asked only while deadlines fire. Absent: none. */
  readonly backlog?: () => Promise<number>;
  readonly timers?: Timers;
  /** After each commit, with what it took. */
  readonly onTaken: (claims: readonly Claim[]) => void;
  readonly onError: (error: unknown) => void;
}

const textOf = (instant: number): string => new Date(instant).toISOString();

const reachedOf = (claim: Claim): DeadlineReached => ({
  ...{ deadlineId: claim.deadlineId, clock: claim.clock, version: claim.version, round: claim.round },
  ...{ rung: claim.rung, name: claim.name, level: claim.level, at: textOf(claim.at) },
  due: claim.due === null ? null : textOf(claim.due),
  reachedAt: textOf(claim.claimedAt),
});

const commandOf = ({ topic, type }: Firing, claim: Claim): NewCommand => ({
  ...{ topic, type, tenant: claim.tenant, aggregateId: claim.aggregateId },
  identity: [claim.deadlineId, claim.version, claim.round, claim.rung],
  data: reachedOf(claim),
});

/**
 * What keeps the promise that a deadline fires: every second it takes the rungs that are reached, oldest first, and sends
 * a command for each in the same transaction. Any number of them may run.
 */
export class Sweeper<Tx> {
  private readonly loop: Loop;
  private readonly rings = new Gathering((ids: readonly string[]) => this.look(ids), AT_ONCE);
  private firing = false;

  constructor(private readonly parts: SweeperParts<Tx>) {
    const { timers, onError } = parts;
    this.loop = new Loop(() => this.sweep(), {
      ...{ everyMs: SWEEP_EVERY_MS, longestRestMs: LONGEST_REST_MS, onError },
      ...(timers && { timers }),
    });
  }

  start(): void {
    this.loop.start();
  }

  stop(): Promise<void> {
    return this.loop.stop();
  }

  /** Looks at one deadline now; answers in how many milliseconds it is to be looked at again, null: not again. */
  async ring(deadlineId: string): Promise<number | null> {
    const ms = (await this.rings.with(deadlineId)).get(deadlineId) ?? 0;
    return ms > 0 ? ms : null;
  }

  /** Takes what is reached of these; answers when the others are. */
  private async look(ids: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const { store } = this.parts;
    const taken = new Set((await this.take(ids.length, ids)).map((claim) => claim.deadlineId));
    const others = ids.filter((id) => !taken.has(id));
    return others.length === 0 ? new Map() : store.remaining(store.reader(), others);
  }

  /** True when there may be more. */
  private async sweep(): Promise<boolean> {
    const { store } = this.parts;
    if (!(await store.ripe(store.reader()))) {
      this.firing = false;
      return false;
    }
    const room = await this.room();
    if (room === 0) return false;
    const taken = await this.take(room);
    this.firing = taken.length > 0;
    return this.firing;
  }

  private async room(): Promise<number> {
    if (!this.firing || !this.parts.backlog) return AT_ONCE;
    return Math.max(0, Math.min(AT_ONCE, MOST_WAITING - (await this.parts.backlog())));
  }

  private async take(limit: number, ids?: readonly string[]): Promise<readonly Claim[]> {
    const { store, send, onTaken } = this.parts;
    const { claims, sent } = await store.sweep(async (tx) => {
      const taken = await store.claim(tx, limit, ids);
      const wake = await send(
        tx,
        taken.map((claim) => commandOf(this.parts, claim)),
      );
      return { claims: taken, sent: wake };
    });
    if (claims.length === 0) return claims;
    sent();
    onTaken(claims);
    return claims;
  }
}

import { commandRecord } from '@linli/bus';
import type { Command, TopicSpec } from '@linli/contracts';
import { DAY, groupBy } from '@linli/kernel';
import { setTimeout as delay } from 'node:timers/promises';
import { idOf } from '../log-suites/load.js';
import { signer } from '../log-suites/member/signer.js';
import type { Ground } from './ground.js';
import { AMEND, ARM } from './member/doors.js';
import type { Wish } from './wishes.js';

export const TENANT = 'proof';

const TICK_MS = 40;

/** What is to be asked of a deadline, and when (milliseconds). */
interface Planned {
  readonly at: number;
  readonly aggregateId: string;
  readonly data: unknown;
}

/** Arms deadlines and asks changes of them at their times, by commands on the log; remembers what it wished. */
export class Load {
  readonly wishes: Wish[] = [];
  asked = 0;
  private planned: Planned[] = [];
  private sent = 0;
  private stopping = false;
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly ground: Pick<Ground, 'log'>,
    readonly run: string,
    private readonly topic: TopicSpec,
  ) {}

  /** One command for each aggregate. */
  async arm(wishes: readonly Wish[]): Promise<void> {
    this.wishes.push(...wishes);
    const commands = [...groupBy(wishes, ({ aggregateId }) => aggregateId)].map(([aggregateId, own]) => {
      const deadlines = own.map(({ id, clock, from, minutes }) => ({ id, clock, from, minutes }));
      return this.command(ARM, aggregateId, { deadlines });
    });
    await this.publish(commands);
    const steps = wishes.flatMap(({ id, aggregateId, steps: own }) =>
      own.map(({ at, change }) => ({ at, aggregateId, data: { id, change } })),
    );
    this.planned = [...this.planned, ...steps].toSorted((a, b) => a.at - b.at);
  }

  /** Asks changes when their time has come. */
  start(): void {
    this.running = this.ask();
  }

  get unasked(): number {
    return this.planned.length;
  }

  /** Asks nothing more. Rejects with what kept it from asking. */
  async stop(): Promise<void> {
    this.stopping = true;
    await this.running;
  }

  private async ask(): Promise<void> {
    while (!this.stopping) {
      const now = Date.now();
      const count = this.planned.findIndex(({ at }) => at > now);
      const ripe = this.planned.splice(0, count < 0 ? this.planned.length : count);
      await this.publish(ripe.map(({ aggregateId, data }) => this.command(AMEND, aggregateId, data)));
      this.asked += ripe.length;
      await delay(TICK_MS);
    }
  }

  private async publish(commands: readonly Command[]): Promise<void> {
    if (commands.length === 0) return;
    const records = commands.map((command) => commandRecord(command, this.topic, signer));
    await this.ground.log.publish(this.topic, records);
  }

  private command(type: string, aggregateId: string, data: unknown): Command {
    this.sent += 1;
    const name = `${this.run} command ${this.sent}`;
    return {
      ...{ commandId: idOf(name), type, version: 1, tenant: TENANT, aggregateId },
      principal: { tenant: TENANT, keyId: 'proof', name: 'proof', scopes: [], areas: null },
      ...{ expectedVersion: null, requestHash: `hash of ${name}`, correlationId: name, causationId: null },
      notAfter: new Date(Date.now() + DAY).toISOString(),
      acceptedAt: new Date().toISOString(),
      ...{ hops: 0, data },
    };
  }
}

import { commandRecord } from '@linli/bus';
import { partitionOf, type Command, type Outcome } from '@linli/contracts';
import type { Broker } from './broker.js';
import { COMMANDS, NOTE, TENANT, type Wish } from './casework.js';
import { SimLog } from './log.js';
import { Machine } from './machine.js';
import { signer, type Instance } from './service.js';
import type { World } from './world.js';

const WAIT_MS = 1_000;

/** What clients know: offline, it is held against the tables. */
export interface History {
  readonly accepted: Map<string, Command>;
  readonly replies: Outcome[];
}

export interface ClientParts {
  readonly world: World;
  readonly broker: Broker;
  readonly history: History;
  readonly instances: readonly Instance[];
}

const DAY_MS = 86_400_000;

const wishOf = ({ faults, chance }: World): Wish => ({
  ...(faults.strikes('poison') && { poison: true as const }),
  ...(faults.strikes('killer') && { kill: true as const }),
  ...(faults.strikes('poisoned fact') && { poisonFact: true as const }),
  ...(chance.happens(0.1) && { refuse: true as const }),
  ...(chance.happens(0.15) && { echo: true as const }),
  ...(chance.happens(0.15) && { reaction: true as const }),
});

/** A gateway with its clients: offers commands one after the other, and the same again until they are accepted. */
export class Client {
  done = false;
  private readonly machine: Machine;
  private readonly log: SimLog;

  constructor(
    private readonly parts: ClientParts,
    private readonly name: string,
    private readonly cases: readonly string[],
  ) {
    this.machine = new Machine(parts.world, name, true);
    this.log = new SimLog(this.machine, parts.broker);
  }

  async offer(count: number): Promise<void> {
    const { world } = this.parts;
    for (let n = 0; n < count; n += 1) {
      await this.pause(world.chance.between(0, 700));
      if (world.faults.strikes('undecodable')) await this.garble();
      await this.accept(this.command(n));
    }
    this.done = true;
  }

  /** Until the log has it for sure. */
  async accept(command: Command): Promise<void> {
    const { world, history } = this.parts;
    const record = commandRecord(command, COMMANDS, signer);
    const listens = world.chance.happens(0.5);
    if (listens) void this.ask(command.commandId, 'nextOutcome');
    for (;;) {
      try {
        await this.log.publish(COMMANDS, [record]);
        break;
      } catch {
        await this.pause(world.chance.between(50, 500));
      }
    }
    history.accepted.set(command.commandId, command);
    if (!listens) void this.ask(command.commandId, 'waitForOutcome');
    if (!world.faults.strikes('asked again')) return;
    await this.pause(world.chance.between(0, 3_000));
    await this.log.publish(COMMANDS, [record]).catch(() => undefined);
  }

  command(n: number, wish = wishOf(this.parts.world)): Command {
    const { world } = this.parts;
    const unheard = world.faults.strikes('unheard');
    const expiring = world.chance.happens(0.05);
    const aggregateId = world.chance.of(this.cases);
    return {
      commandId: world.chance.id(),
      type: unheard ? 'casework.unheard' : NOTE,
      version: 1,
      tenant: TENANT,
      aggregateId,
      principal: { tenant: TENANT, keyId: this.name, name: this.name, scopes: [], areas: null },
      expectedVersion: null,
      requestHash: String(n),
      notAfter: new Date(world.date.getTime() + (expiring ? 500 : DAY_MS)).toISOString(),
      acceptedAt: world.date.toISOString(),
      correlationId: `${this.name}-${n}`,
      causationId: null,
      hops: 0,
      data: wish,
    };
  }

  /** The answer may come early, late or never; when it comes, it is the truth. */
  private async ask(commandId: string, how: 'nextOutcome' | 'waitForOutcome'): Promise<void> {
    const { world, instances, history } = this.parts;
    const { machine, bus } = world.chance.of(instances);
    if (!machine || !bus) return;
    const outcome = await this.machine.call(
      'waits for an outcome',
      () =>
        new Promise<Outcome | null>((resolve, reject) =>
          machine.resume(() => void bus[how](commandId, WAIT_MS).then(resolve, reject)),
        ),
    );
    if (outcome && outcome.status !== 'parked') history.replies.push(outcome);
  }

  private async garble(): Promise<void> {
    const key = this.parts.world.chance.of(this.cases);
    const record = {
      partition: partitionOf(key, COMMANDS),
      key,
      value: Buffer.from('{'),
      headers: {},
    };
    await this.log.publish(COMMANDS, [record]).catch(() => undefined);
  }

  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => this.parts.world.after(ms, resolve));
  }
}

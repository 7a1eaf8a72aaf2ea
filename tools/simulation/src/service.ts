import { createHmac } from 'node:crypto';
import { macSigner, openBusOn, type Bus, type BusSettings } from '@linli/bus';
import { Server } from '@nestjs/microservices';
import { pino } from 'pino';
import type { Broker } from './broker.js';
import type { SimDatabase } from './database.js';
import { SimLog } from './log.js';
import { Machine } from './machine.js';
import { simStore } from './store.js';
import type { SimTransaction } from './transaction.js';
import type { World } from './world.js';

export const signer = macSigner((text) =>
  createHmac('sha256', 'a key for simulations').update(text).digest(),
);

const silent = pino({ level: 'silent' });

export interface ServiceParts {
  readonly world: World;
  readonly broker: Broker;
  readonly database: SimDatabase;
  readonly settings: (machine: Machine) => Pick<BusSettings, 'service' | 'consumes' | 'tells' | 'heal'>;
  /** By message type. */
  readonly handlers: (
    machine: Machine,
  ) => Readonly<Record<string, { readonly kind: 'command' | 'fact'; readonly handle: Handle }>>;
}
type Handle = (message: never, handling: never) => Promise<unknown>;

/** One place where a process of a service runs; when it dies, another is started. */
export class Instance {
  machine: Machine | null = null;
  bus: Bus<SimTransaction> | null = null;
  private generation = 0;

  constructor(
    private readonly parts: ServiceParts,
    private readonly name: string,
  ) {}

  start(): void {
    const { world } = this.parts;
    const machine = new Machine(world, `${this.name}.${(this.generation += 1)}`);
    this.machine = machine;
    this.bus = null;
    world.note(machine.name, 'starts');
    machine.watch((how) => {
      if (how === 'died') this.after(world.chance.between(20, 1_000));
    });
    void this.open(machine);
  }

  /** As in a rolling restart: the old process ends in good order before the new one begins. */
  async restart(): Promise<void> {
    const { machine, bus } = this;
    if (!machine || !bus) return;
    await bus.close();
    machine.crash();
  }

  private after(ms: number): void {
    this.bus = null;
    this.parts.world.after(ms, () => this.start());
  }

  /** A start that fails ends the process, as it does in production. */
  private async open(machine: Machine): Promise<void> {
    try {
      const bus = await this.opened(machine);
      if (this.machine === machine && machine.state !== 'dead') this.bus = bus;
    } catch (error) {
      this.parts.world.note(machine.name, `does not start: ${String(error)}`);
      machine.crash();
    }
  }

  private async opened(machine: Machine): Promise<Bus<SimTransaction>> {
    const { broker, database, settings, handlers } = this.parts;
    const bus = await openBusOn({
      ...settings(machine),
      store: simStore(machine, database),
      log: new SimLog(machine, broker),
      ...{ clock: machine.clock, ids: machine.ids, timers: machine.timers, signer, logger: silent },
      limits: { records: 5, longestRestMs: 2_000 },
    });
    if (!(bus.strategy instanceof Server)) throw new Error('not the strategy that was expected');
    for (const [type, { kind, handle }] of Object.entries(handlers(machine))) {
      bus.strategy.addHandler(type, handle as never, false, { kind, version: 1 });
    }
    await new Promise<void>((resolve, reject) => {
      void bus.strategy.listen((error?: unknown) => (error ? reject(error) : resolve()));
    });
    return bus;
  }
}

import type { Heal, JournalEntry } from '@linli/bus';
import { partitionOf } from '@linli/contracts';
import { Broker } from './broker.js';
import { CASES, COMMANDS, NOTE, NOTED, noting, type Repairs } from './casework.js';
import { Client, type History } from './client.js';
import { SimDatabase } from './database.js';
import { unreachable, type Machine } from './machine.js';
import { hearing } from './register.js';
import { Instance, type ServiceParts } from './service.js';
import type { World } from './world.js';

const HEAL_WITHIN_MS = 1_000;
const CASES_AT_ALL = 5;

/** Everything that one run is made of: two services, their databases, the log between them, and who asks. */
export interface District {
  readonly world: World;
  readonly broker: Broker;
  readonly casework: SimDatabase;
  readonly register: SimDatabase;
  readonly caseworkers: readonly Instance[];
  readonly registrars: readonly Instance[];
  readonly clients: readonly Client[];
  readonly cases: readonly string[];
  readonly history: History;
  readonly repairs: Repairs;
}

/** The journal of casework over HTTP, with the deadline that such a request has. */
const healing =
  (machine: Machine, caseworkers: readonly Instance[]): Heal =>
  (topic, partition, from, to) =>
    machine.call('asks for journal rows', () => {
      const { world } = machine;
      const { machine: producer, bus } = world.chance.of(caseworkers);
      if (!producer || !bus || world.faults.strikes('producer away')) {
        return Promise.reject(unreachable('casework'));
      }
      return new Promise<readonly JournalEntry[]>((resolve, reject) => {
        world.after(HEAL_WITHIN_MS, () => reject(unreachable('casework')));
        producer.resume(() => void bus.journalSlice(topic, partition, from, to).then(resolve, reject));
      });
    });

const startAll = (count: number, name: string, parts: ServiceParts): Instance[] =>
  Array.from({ length: count }, (_, n) => {
    const instance = new Instance(parts, `${name}${n + 1}`);
    instance.start();
    return instance;
  });

/** Cases whose commands, and so whose facts, fill every partition. */
const newCases = (world: World): string[] => {
  const cases = Array.from({ length: CASES_AT_ALL }, () => world.chance.id());
  while (new Set(cases.map((id) => partitionOf(id, COMMANDS))).size < COMMANDS.partitions) {
    cases[0] = world.chance.id();
  }
  return cases;
};

export const openDistrict = (world: World): District => {
  const broker = new Broker(world);
  broker.provision([COMMANDS, CASES]);
  const [casework, register] = [new SimDatabase(world), new SimDatabase(world)];
  const repairs: Repairs = { mended: false };
  const history: History = { accepted: new Map(), replies: [] };
  const cases = newCases(world);
  const caseworkers = startAll(1 + world.chance.below(3), 'casework', {
    ...{ world, broker, database: casework },
    settings: () => ({
      service: 'casework',
      consumes: [{ topic: COMMANDS, kind: 'commands' }],
      tells: [CASES, COMMANDS],
    }),
    handlers: (machine) => ({ [NOTE]: { kind: 'command', handle: noting(machine, repairs) } }),
  });
  const registrars = startAll(1 + world.chance.below(2), 'register', {
    ...{ world, broker, database: register },
    settings: (machine) => ({
      service: 'register',
      consumes: [{ topic: CASES, kind: 'facts' }],
      tells: [COMMANDS],
      heal: healing(machine, caseworkers),
    }),
    handlers: () => ({ [NOTED]: { kind: 'fact', handle: hearing(repairs) } }),
  });
  const parts = { world, broker, history, instances: caseworkers };
  const clients = Array.from(
    { length: 2 + world.chance.below(2) },
    (_, n) => new Client(parts, `client${n + 1}`, cases),
  );
  return {
    ...{ world, broker, casework, register, caseworkers },
    registrars,
    clients,
    cases,
    history,
    repairs,
  };
};

import { violations } from './checks.js';
import { openDistrict, type District } from './district.js';
import { Faults, type FaultCounts } from './faults.js';
import type { Instance } from './service.js';
import { unsettled } from './settled.js';
import { World } from './world.js';

const CHAOS_MS = 5_000;
const COMMANDS_EACH = 5;
/** After the last fault all must be done within this; nothing may wait for ever. */
const QUIET_WITHIN_MS = 300_000;
const LOOK_EVERY_MS = 250;

/** What one seed came to. */
export interface Report {
  readonly seed: number;
  readonly hash: string;
  readonly violations: readonly string[];
  readonly faults: FaultCounts;
  readonly commands: number;
  readonly simulatedMs: number;
  readonly trace: readonly string[];
}

const instancesOf = ({ caseworkers, registrars }: District): readonly Instance[] => [
  ...caseworkers,
  ...registrars,
];

/** What strikes the whole at times, beside what strikes at each await. */
const trouble = (district: District): void => {
  const { world, broker } = district;
  if (world.faults.strikes('rebalance')) broker.rebalance();
  if (world.faults.strikes('record lost') && !broker.lose('linli.casework.cases.v1')) {
    world.faults.counts['record lost'] -= 1;
  }
  if (world.faults.strikes('rolling restart')) {
    void world.chance.of(instancesOf(district)).restart();
  }
  world.after(world.chance.between(100, 1_000), () => trouble(district));
};

/** Impatient operators let parked keys go, several at once, until none is parked. */
const operate = (district: District): void => {
  const { world, casework, register, caseworkers, registrars } = district;
  for (const [database, instances] of [
    [casework, caseworkers],
    [register, registrars],
  ] as const) {
    const keys = new Set(
      database.tables
        .reader()
        .rows<{ key: string }>('parked_key')
        .map(({ key }) => key),
    );
    for (const key of keys) {
      const { machine, bus } = world.chance.of(instances);
      machine?.resume(() => void bus?.releaseKey(key).catch(() => undefined));
    }
  }
  world.after(world.chance.between(200, 2_000), () => operate(district));
};

/** Runs until nothing is left to do, or says what still waits. */
const quieten = async (district: District, mayBeParked: boolean): Promise<readonly string[]> => {
  const { world } = district;
  const limit = world.now + QUIET_WITHIN_MS;
  for (;;) {
    const left = unsettled(district, mayBeParked);
    if (left.length === 0 || world.now >= limit) return left;
    await world.run(Math.min(limit, world.now + LOOK_EVERY_MS));
  }
};

/** What the instances themselves say about it. */
const complaints = async (district: District): Promise<string[]> => {
  const said: string[] = [];
  for (const { machine, bus } of instancesOf(district)) {
    const name = machine?.name ?? 'an instance';
    if (!bus) {
      said.push(`${name} is not up`);
      continue;
    }
    const { consumers, lastFault } = await district.world.until(bus.state());
    for (const { topic, partition, next, high, halted } of consumers) {
      if (next < high) said.push(`${name} ${topic}/${partition} ${next} of ${high} ${halted ?? ''}`);
    }
    if (lastFault) said.push(`${name} said last: ${lastFault}`);
  }
  return said;
};

/** A last command for each case shows every hole that the log may have. */
const lastWords = async ({ world, clients, cases }: District): Promise<void> => {
  const [client] = clients;
  if (!client) return;
  const told = cases.map((aggregateId) => client.accept({ ...client.command(0, {}), aggregateId }));
  await world.until(Promise.all(told));
};

const play = async (district: District): Promise<readonly string[]> => {
  const { world, repairs } = district;
  for (const client of district.clients) void client.offer(COMMANDS_EACH);
  world.after(500, () => trouble(district));
  world.after(world.chance.between(1_500, 12_000), () => operate(district));
  await world.run(CHAOS_MS);
  world.faults.peace();
  for (const { machine } of instancesOf(district)) machine?.thaw();
  const stuck = await quieten(district, true);
  if (stuck.length > 0) {
    return [
      ...stuck.map((what) => `after the faults still waiting: ${what}`),
      ...(await complaints(district)),
    ];
  }
  repairs.mended = true;
  await lastWords(district);
  const waiting = await quieten(district, false);
  if (waiting.length === 0) return [];
  return [
    ...waiting.map((what) => `after the repair still waiting: ${what}`),
    ...(await complaints(district)),
  ];
};

const noteTallies = async (district: District): Promise<void> => {
  const { world } = district;
  for (const { bus } of instancesOf(district)) {
    if (!bus) continue;
    const { healed, duplicates, conflicts, setAside } = (await world.until(bus.state())).tally;
    world.faults.follows('gap healed', healed);
    world.faults.follows('duplicate dropped', duplicates);
    world.faults.follows('conflict', conflicts);
    world.faults.follows('set aside', setAside);
  }
};

/** Runs one seed: faults first, then peace, then the tables are looked at. */
export const run = async (seed: number, keepsTrace = false): Promise<Report> => {
  const world = new World(seed, new Faults(seed), keepsTrace);
  const district = openDistrict(world);
  const waiting = await play(district);
  await noteTallies(district);
  return {
    seed,
    hash: world.hash,
    violations: waiting.length > 0 ? waiting : await violations(district),
    faults: world.faults.counts,
    commands: district.history.accepted.size,
    simulatedMs: Math.round(world.now),
    trace: world.lines,
  };
};

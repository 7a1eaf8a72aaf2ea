import { MINUTE } from '@linli/kernel';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { counted, type Counts } from '../counts.js';
import type { RunOptions, Shape } from '../suite.js';
import { allHappened, happened } from '../void.js';
import { attackDeadlines, type T6Shape } from './attack.js';
import { judgeDeadlines } from './checkers/judge.js';
import type { Ground } from './ground.js';
import { World } from './world.js';

const SHIFT_MS = 5 * MINUTE;

/** What a failed run knew is kept, and its error says where. */
const kept = async (world: World, seed: number, error: Error): Promise<Error> => {
  const folder = mkdtempSync(join(tmpdir(), `linli-proof-T6-${seed}-`));
  const evidence = await world.evidence().catch(() => null);
  const text = { seed, error: error.stack, said: world.members.map((member) => member.said()), evidence };
  writeFileSync(join(folder, 'run.json'), JSON.stringify(text, null, 1));
  return Object.assign(new Error(`T6, seed ${seed}, all that it left is in ${folder}: ${error.message}`), {
    name: error.name,
    cause: error,
  });
};

/** What must have come about besides the faults, or the promises were never in danger. */
const dangers = ['fired', 'cancelled', 'changes', 'rewound', 'annulled', 'inTimeButDoneLater'];
/** The crowd was more than one sweep takes. */
const SWEEPS = 2;

const inWorld = async <S extends Shape>(
  ground: Ground,
  shiftsMs: readonly number[],
  { seed, shape }: RunOptions<S>,
  attack: (world: World, shape: S) => Promise<Counts>,
): Promise<Counts> => {
  const world = await World.open(ground, seed, shiftsMs);
  try {
    const faults = await attack(world, shape);
    await world.settled();
    const judged = judgeDeadlines(await world.evidence());
    allHappened(judged, dangers);
    if (world.recoveries.length > 0)
      happened('sweeps after the outage', judged['sweepsAfterOutages'] ?? 0, SWEEPS);
    return counted(judged, faults, { slowestStallsMs: Math.round(world.stalledMs) });
  } catch (error) {
    throw await kept(world, seed, error as Error);
  } finally {
    await world.close();
  }
};

/** Two processes on Kafka, PostgreSQL and Redis, their clocks ten minutes apart. */
export const deadlinesHurt = (ground: Ground, options: RunOptions<T6Shape>): Promise<Counts> =>
  inWorld(ground, [SHIFT_MS, -SHIFT_MS], options, attackDeadlines);

export type EmbeddedShape = { readonly deadlines: number; readonly kills: number; readonly phaseMs: number };

const killInTurn = async (world: World, { deadlines, kills, phaseMs }: EmbeddedShape): Promise<Counts> => {
  const member = world.member(0);
  let [inSweep, rings] = [0, 0];
  await world.arm(Math.ceil(deadlines / 2), phaseMs * kills);
  for (let n = 0; n < kills; n += 1) {
    await world.arm(Math.ceil(deadlines / 2 / kills), phaseMs);
    await delay(phaseMs * (0.5 + world.random.next() / 2));
    rings += (await member.state()).rings;
    const inTheMiddle = n % 2 === 0;
    if (inTheMiddle) inSweep += 1;
    await world.inTheDark(async () => {
      if (inTheMiddle) await member.strike('in-sweep');
      await member.kill();
      await member.start();
    });
  }
  happened('deaths in a sweep', inSweep);
  happened('alarms that rang', rings);
  return { killed: member.kills, killedInSweep: inSweep, rings };
};

/** One process with timers for alarms on a PostgreSQL that carries the log too, killed again and again. */
export const embeddedDeadlinesHurt = (ground: Ground, options: RunOptions<EmbeddedShape>): Promise<Counts> =>
  inWorld(ground, [SHIFT_MS], options, killInTurn);

import { counted, type Counts } from '../counts.js';
import type { RunOptions, Suite } from '../suite.js';
import type { T6Shape } from './attack.js';
import { embeddedGround, productionGround, type Ground } from './ground.js';
import { deadlinesHurt, embeddedDeadlinesHurt } from './t6.js';

type LongShape = T6Shape & {
  /** Deaths of the embedded process, which has half as many deadlines. */
  readonly kills: number;
};

const on = async (
  ground: () => Promise<Ground>,
  attack: (ground: Ground) => Promise<Counts>,
): Promise<Counts> => {
  const opened = await ground();
  try {
    return await attack(opened);
  } finally {
    await opened.stop();
  }
};

const both = async ({ seed, shape }: RunOptions<LongShape>): Promise<Counts> => {
  const { kills, ...own } = shape;
  const embedded = { deadlines: Math.ceil(own.deadlines / 2), kills, phaseMs: own.phaseMs };
  return counted(
    await on(productionGround, (ground) => deadlinesHurt(ground, { seed, shape: own })),
    await on(embeddedGround, (ground) => embeddedDeadlinesHurt(ground, { seed, shape: embedded })),
  );
};

export const deadlinesUnderFire: Suite<LongShape> = {
  id: 'T6',
  promise:
    'A deadline fires once a rung, never early, within 5 s of its time and oldest first, or is cancelled; what was accepted before its due time is in time.',
  attack:
    'FLUSHALL, Redis killed and behind a black hole, two processes ten minutes apart killed and frozen, within a sweep and a command too, changes while deadlines fire; embedded: kill -9',
  long: { deadlines: 20_000, crowd: 2_000, flushes: 10, rounds: 5, phaseMs: 4_000, kills: 20 },
  scales: ['deadlines', 'rounds', 'kills'],
  run: both,
};

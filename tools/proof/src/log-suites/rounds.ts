import { counted, type Counts } from '../counts.js';
import type { RunOptions, Suite } from '../suite.js';
import { Gateway } from './gateway.js';
import { openGround, type Ground } from './ground.js';

/** The short form so many times, each with a seed of its own. */
export type Rounds = { readonly rounds: number };

type Described = Pick<Suite, 'id' | 'promise' | 'attack'> & Rounds;

/** One round of a suite on what it needs. */
type Round<On> = (on: On, seed: number) => Promise<Counts>;

const inRounds = async (
  { seed, shape }: RunOptions<Rounds>,
  round: (seed: number) => Promise<Counts>,
): Promise<Counts> => {
  const all: Counts[] = [];
  for (let n = 0; n < shape.rounds; n += 1) all.push(await round(seed + n));
  return counted({ rounds: all.length }, ...all);
};

const suiteOf = ({ rounds, ...named }: Described, run: Suite<Rounds>['run']): Suite<Rounds> => ({
  ...named,
  long: { rounds },
  scales: ['rounds'],
  run,
});

/** A suite with a Kafka and PostgreSQL of its own. */
export const suiteOnLog = (described: Described, round: Round<Ground>): Suite<Rounds> =>
  suiteOf(described, async (options) => {
    const ground = await openGround();
    try {
      return await inRounds(options, (seed) => round(ground, seed));
    } finally {
      await ground.stop();
    }
  });

/** A suite with a whole system of its own for each round. */
export const suiteOnGateway = (described: Described, round: Round<Gateway>): Suite<Rounds> =>
  suiteOf(described, (options) =>
    inRounds(options, async (seed) => {
      const gateway = await Gateway.open();
      try {
        return await round(gateway, seed);
      } finally {
        await gateway.close();
      }
    }),
  );

import { openGround, type Ground } from './ground.js';
import { counted, type Counts } from '../counts.js';

export interface RunOptions {
  readonly seed: number;
  /** 1 = the short form of CI; a long run is so many rounds, each with a seed of its own. */
  readonly scale: number;
}

/** One promise with the faults under which it is put to the test. */
export interface LogSuite {
  readonly id: string;
  readonly promise: string;
  /** Rejects when the promise was broken, and when a fault did not take place. */
  run(options: RunOptions): Promise<Counts>;
}

/** One round of a suite on what it needs. */
export type Round<On> = (on: On, seed: number) => Promise<Counts>;

export const rounds = async <On>(on: On, { seed, scale }: RunOptions, round: Round<On>): Promise<Counts> => {
  const all: Counts[] = [];
  for (let n = 0; n < Math.max(1, Math.round(scale)); n += 1) all.push(await round(on, seed + n));
  return counted({ rounds: all.length }, ...all);
};

/** A suite with a Kafka and PostgreSQL of its own. */
export const suiteOn = (id: string, promise: string, round: Round<Ground>): LogSuite => ({
  ...{ id, promise },
  async run(options) {
    const ground = await openGround();
    try {
      return await rounds(ground, options, round);
    } finally {
      await ground.stop();
    }
  },
});

/** A run whose fault did not take place proves nothing, whatever it found. */
export class VoidRun extends Error {
  override readonly name = 'VoidRun';
}

export const mustHaveHappened = (counts: Counts, faults: readonly string[]): void => {
  const absent = faults.filter((fault) => !((counts[fault] ?? 0) > 0));
  if (absent.length > 0)
    throw new VoidRun(`did not take place: ${absent.join(', ')} (${JSON.stringify(counts)})`);
};

/** Collects what is wrong, so that a run tells all of it and not the first. */
export class Findings {
  private readonly found: string[] = [];

  note(finding: string | null): void {
    if (finding !== null) this.found.push(finding);
  }

  /** Throws when there are any. */
  settle(what: string): void {
    if (this.found.length > 0) throw new Error(`${what} is broken:\n${this.found.slice(0, 20).join('\n')}`);
  }
}

import { BOOTSTRAP_KEY } from '@linli/testing';
import { companion, type Companion } from './companion.js';
import type { HoseMark, HoseOptions } from './hose-wire.js';

export interface Hose {
  readonly pid: number;
  go(): void;
  hold(): void;
  mark(): Promise<HoseMark>;
  /** Holds and waits until every answer is there. */
  drain(): Promise<HoseMark>;
  end(): Promise<void>;
}

const POOL = 64;

/** Fails when anything was not accepted: figures of a bench that is refused mean nothing. */
const whole = (mark: HoseMark): HoseMark => {
  const said = Object.entries(mark.failures);
  if (said.length > 0)
    throw new Error(`the gateway refused: ${said.map(([what, n]) => `${n} × ${what}`).join('; ')}`);
  return mark;
};

const controls = (child: Companion): Hose => {
  const mark = async (): Promise<HoseMark> => whole(await child.ask<HoseMark>('mark'));
  return {
    pid: child.pid,
    go: () => child.tell('go'),
    hold: () => child.tell('hold'),
    mark,
    drain: async () => {
      child.tell('hold');
      for (let seen = await mark(); ; seen = await mark()) if (seen.busy === 0) return seen;
    },
    end: () => child.end(),
  };
};

type Wanted = Partial<HoseOptions> & Pick<HoseOptions, 'name' | 'rising' | 'seed'>;

/** A load generator on the gateway at `url`. */
export const startHose = async (url: string, wanted: Wanted): Promise<Hose> => {
  const options: HoseOptions = {
    url: `${url}/v1/risk-events`,
    key: BOOTSTRAP_KEY,
    batch: 500,
    pool: POOL,
    concurrency: 8,
    firstSequence: 0,
    now: Date.now(),
    ...wanted,
  };
  return controls(await companion('load/hose.js', options));
};

import { Chance } from './chance.js';

/** How likely a fault is at each of its occasions, in a run that has it at all. */
const rates = {
  crash: 0.006,
  freeze: 0.005,
  'slow network': 0.01,
  'clock jump': 0.002,
  'connection lost': 0.01,
  'commit unknown, done': 0.03,
  'commit unknown, undone': 0.03,
  'publish refused': 0.05,
  'publish unknown, done': 0.05,
  'publish unknown, undone': 0.05,
  'publish late': 0.05,
  'publish doubled': 0.05,
  'delivered again': 0.1,
  'delivered ahead': 0.05,
  'read failed': 0.03,
  'producer away': 0.2,
  rebalance: 0.3,
  'record lost': 0.3,
  'rolling restart': 0.2,
  'asked again': 0.2,
  poison: 0.06,
  'poisoned fact': 0.06,
  killer: 0.02,
  undecodable: 0.08,
  unheard: 0.04,
} as const;

/** Faults that are sent by chance. */
export type Sent = keyof typeof rates;

/** Faults that follow from others; counted all the same. */
export type Followed =
  | 'killed by a message'
  | 'crash in a transaction'
  | 'zombie'
  | 'lock waited out'
  | 'idle transaction ended'
  | 'gap healed'
  | 'duplicate dropped'
  | 'conflict'
  | 'set aside';

export type Fault = Sent | Followed;

const followed: readonly Followed[] = [
  'killed by a message',
  'crash in a transaction',
  'zombie',
  'lock waited out',
  'idle transaction ended',
  'gap healed',
  'duplicate dropped',
  'conflict',
  'set aside',
];

export const allFaults: readonly Fault[] = [...(Object.keys(rates) as Sent[]), ...followed];

export type FaultCounts = Record<Fault, number>;

export const noFaults = (): FaultCounts =>
  Object.fromEntries(allFaults.map((fault) => [fault, 0])) as FaultCounts;

/** Which faults a run has, how often, and how many there really were. A run has some of them only: they mask each other. */
export class Faults {
  readonly counts = noFaults();
  private readonly chance: Chance;
  private readonly intensity = new Map<Sent, number>();
  private peaceful = false;

  constructor(seed: number) {
    this.chance = new Chance(seed ^ 0x5bd1e995);
    for (const fault of Object.keys(rates) as Sent[]) {
      const present = this.chance.happens(0.5);
      this.intensity.set(fault, present ? rates[fault] * this.chance.of([0.5, 1, 2]) : 0);
    }
  }

  /** From now on nothing goes wrong any more. */
  peace(): void {
    this.peaceful = true;
  }

  strikes(fault: Sent): boolean {
    if (this.peaceful || !this.chance.happens(this.intensity.get(fault) ?? 0)) return false;
    this.counts[fault] += 1;
    return true;
  }

  follows(fault: Followed, times = 1): void {
    this.counts[fault] += times;
  }
}

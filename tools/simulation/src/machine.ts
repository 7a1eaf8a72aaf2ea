import type { Clock, Ids, Timers } from '@linli/kernel';
import type { World } from './world.js';

type State = 'running' | 'frozen' | 'dead';

/** As an operating system says that nobody answers. */
export const unreachable = (what: string): Error =>
  Object.assign(new Error(`connect ECONNREFUSED ${what}`), { code: 'ECONNREFUSED' });

/**
 * One process. All that it awaits goes through `call` or its timers: what comes back to a dead process is dropped, what
 * comes back to a frozen one waits for the thaw.
 */
export class Machine {
  state: State = 'running';
  private waiting: (() => void)[] = [];
  private readonly endings: ((how: 'died' | 'froze') => void)[] = [];
  private skewMs = 0;

  constructor(
    readonly world: World,
    readonly name: string,
    /** Such a machine only sees the network: its own crash is not what is tried. */
    private readonly immortal = false,
  ) {}

  readonly clock: Clock = {
    now: () => {
      if (this.world.faults.strikes('clock jump')) this.skewMs = this.world.chance.between(-20_000, 20_000);
      return new Date(this.world.date.getTime() + this.skewMs);
    },
  };

  readonly ids: Ids = { next: () => this.world.chance.id() };

  readonly timers: Timers = {
    after: (ms, work) => {
      let off = false;
      this.world.after(ms, () => {
        if (!off) this.resume(() => off || work());
      });
      return () => {
        off = true;
      };
    },
    soon: (work) => this.world.after(0, () => this.resume(work)),
  };

  /** Asks somebody else; `serve` runs over there. */
  call<T>(what: string, serve: () => Promise<T>): Promise<T> {
    const { world } = this;
    this.endure();
    return new Promise((resolve, reject) => {
      const back = (answer: () => void): void =>
        world.after(this.latency(), () => {
          this.endure();
          this.resume(answer);
        });
      this.resume(() =>
        world.after(this.latency(), () => {
          world.note(this.name, what);
          serve().then(
            (value) => back(() => resolve(value)),
            (error: unknown) => back(() => reject(error)),
          );
        }),
      );
    });
  }

  /** Runs what came from outside, when and if the process can. */
  resume(work: () => void): void {
    if (this.state === 'running') work();
    else if (this.state === 'frozen') this.waiting.push(work);
  }

  /** Something else has to know when this process ends or stops. */
  watch(onEnd: (how: 'died' | 'froze') => void): void {
    this.endings.push(onEnd);
  }

  crash(): void {
    if (this.state === 'dead') return;
    this.world.note(this.name, 'crashes');
    this.state = 'dead';
    this.waiting = [];
    for (const tell of this.endings) tell('died');
  }

  freeze(ms: number): void {
    if (this.state !== 'running') return;
    this.world.note(this.name, `freezes for ${ms.toFixed(0)} ms`);
    this.state = 'frozen';
    for (const tell of this.endings) tell('froze');
    this.world.after(ms, () => this.thaw());
  }

  thaw(): void {
    if (this.state !== 'frozen') return;
    this.world.note(this.name, 'thaws');
    this.state = 'running';
    const waiting = this.waiting;
    this.waiting = [];
    for (const work of waiting) this.resume(work);
  }

  private endure(): void {
    const { faults, chance } = this.world;
    if (this.immortal || this.state !== 'running') return;
    if (faults.strikes('crash')) this.crash();
    else if (faults.strikes('freeze')) this.freeze(chance.between(50, 4_000));
  }

  private latency(): number {
    const { faults, chance } = this.world;
    return faults.strikes('slow network') ? chance.between(100, 2_000) : chance.between(0.1, 3);
  }
}

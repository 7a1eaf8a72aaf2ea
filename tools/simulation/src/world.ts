import { Agenda } from './agenda.js';
import { Chance } from './chance.js';
import type { Faults } from './faults.js';

const PATIENCE_MS = 600_000;
const START = Date.parse('2026-11-23T08:00:00Z');

/** Lets everything run that can run without time passing. */
const settled = (): Promise<void> => new Promise((resolve) => process.nextTick(resolve));

/** The one place where time passes and things happen: one after the other, in an order that the seed decides. */
export class World {
  /** Milliseconds since the start. */
  now = 0;
  readonly chance: Chance;
  readonly lines: string[] = [];
  private readonly agenda = new Agenda();
  private digest = 0x811c9dc5;

  constructor(
    readonly seed: number,
    readonly faults: Faults,
    private readonly keepsTrace = false,
  ) {
    this.chance = new Chance(seed);
  }

  get date(): Date {
    return new Date(START + Math.floor(this.now));
  }

  /** Of everything that happened: the same seed gives the same. */
  get hash(): string {
    return this.digest.toString(16).padStart(8, '0');
  }

  after(ms: number, work: () => void): void {
    this.agenda.add(this.now + ms, work);
  }

  note(who: string, what: string): void {
    const line = `${this.now.toFixed(3)} ${who} ${what}`;
    for (let n = 0; n < line.length; n += 1) {
      this.digest = Math.imul(this.digest ^ line.charCodeAt(n), 0x01000193) >>> 0;
    }
    if (this.keepsTrace) this.lines.push(line);
  }

  /** Lets time pass up to an instant, or until `done`, or until nothing is left to happen. */
  async run(until: number, done: () => boolean = () => false): Promise<void> {
    while (!done() && (this.agenda.due ?? Infinity) <= until) {
      const event = this.agenda.take();
      if (!event) break;
      this.now = event.at;
      event.work();
      await settled();
    }
    if (!done()) this.now = Math.max(this.now, until);
  }

  /** Lets time pass until the work is done. */
  async until<T>(work: Promise<T>): Promise<T> {
    let over = false;
    const ended = work.finally(() => {
      over = true;
    });
    await this.run(this.now + PATIENCE_MS, () => over);
    if (!over) throw new Error(`seed ${this.seed}: no end within ${PATIENCE_MS} simulated ms`);
    return ended;
  }
}

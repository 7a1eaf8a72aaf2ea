import { eventually } from '@linli/testing';
import type { Answer } from './caller.js';

/** Notes when a command was last done, so that a recovery can be timed by what clients see. */
export class Pulse {
  private last = 0;

  readonly onAnswer = ({ status, headers }: Answer): void => {
    if (status === 200 && headers?.has('idempotency-key') === true) this.last = performance.now();
  };

  /** How long it takes from now until a command is answered as done. */
  async next(withinMs: number): Promise<number> {
    const began = performance.now();
    await eventually(() => this.last > began, { withinMs, everyMs: 20, what: 'a command that is done' });
    return Math.round(this.last - began);
  }
}

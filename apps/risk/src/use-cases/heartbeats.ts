import type { Handling } from '@linli/bus';
import { MINUTE } from '@linli/kernel';
import { heartbeats, type Heartbeat } from '../store/heartbeats.js';
import type { Arrival } from './arrival.js';

const STEP = 5 * MINUTE;
const MOST = 10_000;

/**
 * Notes that sources are heard, each once in five minutes: it remembers what it noted, so that nearly every chunk costs
 * a look and no statement. An exercise says nothing about how often a source is heard.
 */
export class Heartbeats {
  readonly #noted = new Set<string>();

  async note(arrivals: readonly Arrival[], handling: Handling): Promise<void> {
    const fresh = new Map<string, Heartbeat>();
    for (const { tenant, receivedAt, event } of arrivals) {
      const heardAt = receivedAt - (receivedAt % STEP);
      const key = `${heardAt}\n${tenant}\n${event.source}`;
      if (!event.exercise && !this.#noted.has(key)) fresh.set(key, { tenant, source: event.source, heardAt });
    }
    if (fresh.size === 0) return;
    await heartbeats.note(handling.tx, [...fresh.values()]);
    handling.afterCommit(() => {
      if (this.#noted.size > MOST) this.#noted.clear();
      for (const key of fresh.keys()) this.#noted.add(key);
    });
  }
}

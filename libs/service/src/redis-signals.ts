import { Redis } from 'ioredis';
import { localSignals } from './local-signals.js';
import type { Signals } from './signals.js';

/** Signals over Redis, with what went wrong: nobody waits for Redis, but operators want to see it. */
export interface RedisSignals extends Signals {
  faults(): { lost: number; last: string | null };
}

const CHANNEL = 'linli:signals';

const connect = (url: string, isOpen: () => boolean): Redis =>
  new Redis(url, {
    connectTimeout: 200,
    commandTimeout: 200,
    disconnectTimeout: 200,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResubscribe: true,
    // A ready check that fails late would otherwise open again what was closed.
    retryStrategy: (attempt) => (isOpen() ? Math.min(50 * 2 ** Math.min(attempt, 6), 2000) : null),
  });

/**
 * Wake-ups across processes by publish/subscribe. Own signals wake own listeners at once and do not depend on Redis; a
 * dead Redis loses signals (counted), never throws, never blocks, and is found again by itself.
 */
export const redisSignals = (url: string): RedisSignals => {
  const local = localSignals();
  const own = crypto.randomUUID();
  const faults = { lost: 0, last: null as string | null };
  const note = (error: unknown): void => {
    faults.last = error instanceof Error ? error.message : String(error);
  };
  let open = true;
  const isOpen = (): boolean => open;
  const publisher = connect(url, isOpen).on('error', note);
  const subscriber = connect(url, isOpen).on('error', note);
  subscriber.on('ready', () => void subscriber.subscribe(CHANNEL).catch(note));
  subscriber.on('message', (_channel: string, message: string) => {
    const [sender, name] = message.split(' ', 2);
    if (sender !== own && name) {
      local.raise(name);
    }
  });
  const lose = (error: unknown): void => {
    faults.lost += 1;
    note(error);
  };
  return {
    raise(name) {
      local.raise(name);
      publisher.publish(CHANNEL, `${own} ${name}`).catch(lose);
    },
    on: (name, wake) => local.on(name, wake),
    faults: () => ({ ...faults }),
    close() {
      open = false;
      publisher.disconnect();
      subscriber.disconnect();
      return local.close();
    },
  };
};

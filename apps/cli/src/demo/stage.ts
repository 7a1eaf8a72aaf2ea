import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@linli/kernel';
import type { Cut } from '../casework/casework.js';
import { daysBetween, daysLater, instantAt, localDay } from '../casework/local-time.js';
import { Api } from '../client/api.js';
import type { StartSystem } from '../system.js';
import { replayClock, type ReplayClock } from './replay-clock.js';

/** Where the story is played: a system of its own with a clock to move, or one that runs already. */
export interface Stage {
  readonly admin: Api;
  /** Null: the system keeps its own time, and the story is moved to end yesterday. */
  readonly clock: ReplayClock | null;
  readonly shiftDays: number;
  /** Ends what is still under way, then the system if it is the stage's own. */
  close(): Promise<void>;
}

/** A system of its own, in a folder that is removed in the end. */
export const ownStage = async (start: StartSystem, port: number, cut: Cut): Promise<Stage> => {
  const dataDir = mkdtempSync(join(tmpdir(), 'linli-demo-'));
  // The embedded database may have to run as another user, who must be able to pass.
  chmodSync(dataDir, 0o755);
  const clock = replayClock(instantAt(cut.from, 0));
  const removeData = (): void => rmSync(dataDir, { recursive: true, force: true });
  try {
    const system = await start({ dataDir, port, clock, apiKey: `demo-${randomBytes(18).toString('hex')}` });
    const ending = new AbortController();
    const close = (): Promise<void> => {
      ending.abort();
      return system.stop().finally(removeData);
    };
    return { admin: new Api(system.url, system.apiKey, ending.signal), clock, shiftDays: 0, close };
  } catch (error) {
    removeData();
    throw error;
  }
};

/** A system that runs already, on its own clock. */
export const givenStage = (url: string, key: string, cut: Cut): Stage => {
  const ending = new AbortController();
  return {
    admin: new Api(url, key, ending.signal),
    clock: null,
    shiftDays: daysBetween(cut.to, daysLater(localDay(systemClock.now()), -1)),
    close: () => Promise.resolve(ending.abort()),
  };
};

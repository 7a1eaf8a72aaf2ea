import { Worker } from 'node:worker_threads';
import type { LoopGuardData } from './loop-guard.worker.js';

const LOOKS = 10;

/**
 * Ends the process (SIGKILL) when its event loop has not turned for `stuckAfterMs`. A message whose handling never ends
 * would else hold its partition, its transaction and every request for ever; a dead process is restarted, and what killed
 * it is found by the count of deaths and set aside. Returns how to end the guard.
 */
export const guardLoop = (stuckAfterMs: number): (() => Promise<void>) => {
  const everyMs = stuckAfterMs / LOOKS;
  const beats = new SharedArrayBuffer(4);
  const counter = new Int32Array(beats);
  const beating = setInterval(() => Atomics.add(counter, 0, 1), everyMs / 2).unref();
  const guard = new Worker(new URL('./loop-guard.worker.js', import.meta.url), {
    // Not what this process was started with: an inspector or a loader has no business there.
    execArgv: [],
    workerData: { beats, everyMs, missed: LOOKS } satisfies LoopGuardData,
    resourceLimits: { maxOldGenerationSizeMb: 8, maxYoungGenerationSizeMb: 2 },
  });
  guard.unref();
  return async () => {
    clearInterval(beating);
    await guard.terminate();
  };
};

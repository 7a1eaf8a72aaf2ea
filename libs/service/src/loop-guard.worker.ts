import { writeSync } from 'node:fs';
import process from 'node:process';
import { workerData } from 'node:worker_threads';

export interface LoopGuardData {
  readonly beats: SharedArrayBuffer;
  readonly everyMs: number;
  readonly missed: number;
}

const { beats, everyMs, missed } = workerData as LoopGuardData;
const counter = new Int32Array(beats);
let seen = 0;
let without = 0;

// Looks are counted, not time: a process that was frozen and woken has missed none.
setInterval(() => {
  const now = Atomics.load(counter, 0);
  without = now === seen ? without + 1 : 0;
  seen = now;
  if (without < missed) return;
  writeSync(2, `the event loop stands still for ${(missed * everyMs) / 1000} s: the process ends itself\n`);
  process.kill(process.pid, 'SIGKILL');
}, everyMs);

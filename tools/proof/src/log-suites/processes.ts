import { readFileSync } from 'node:fs';

/** True when a process was stopped by SIGSTOP. */
export const isStopped = (pid: number): boolean =>
  /^State:\s+T/mu.test(readFileSync(`/proc/${pid}/status`, 'utf8'));

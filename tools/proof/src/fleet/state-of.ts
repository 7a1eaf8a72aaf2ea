import { readFileSync } from 'node:fs';

/** True when the kernel has stopped the process (SIGSTOP). */
export const isFrozen = (pid: number): boolean => {
  const [, after = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ');
  return after.startsWith('T');
};

/** Resident memory, in bytes. */
export const residentOf = (pid: number): number => {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/mu.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes) * 1024;
};

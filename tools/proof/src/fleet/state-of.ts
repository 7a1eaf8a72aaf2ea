import { readFileSync } from 'node:fs';

/** True when the kernel has stopped the process (SIGSTOP). */
export const isFrozen = (pid: number): boolean => {
  const [, after = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ');
  return after.startsWith('T');
};

/** How long the process was ready to run and the kernel gave it no processor since it began (its main thread), in ms. */
export const starvedMs = (pid: number): number => {
  const [, waitedNs] = readFileSync(`/proc/${pid}/task/${pid}/schedstat`, 'utf8').split(' ');
  return Number(waitedNs) / 1e6;
};

/** Resident memory, in bytes. */
export const residentOf = (pid: number): number => {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/mu.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes) * 1024;
};

import { readdirSync, readFileSync } from 'node:fs';

/** Of a process and all below it. */
export interface Usage {
  readonly cpuMs: number;
  /** Proportional set size: memory that several share is divided among them, so that a sum counts it once. */
  readonly pssBytes: number;
}

const TICK_MS = 10;

interface Stat {
  readonly pid: number;
  readonly parent: number;
  readonly ticks: number;
  readonly ticksOfEnded: number;
}

const statOf = (pid: number): Stat | null => {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text
      .slice(text.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    const field = (n: number): number => fields[n - 3] ?? 0;
    return { pid, parent: field(4), ticks: field(14) + field(15), ticksOfEnded: field(16) + field(17) };
  } catch {
    return null;
  }
};

const allStats = (): Stat[] =>
  readdirSync('/proc')
    .filter((name) => /^[0-9]+$/u.test(name))
    .flatMap((name) => statOf(Number(name)) ?? []);

/** The process and all its descendants. */
const treeOf = (root: number): Stat[] => {
  const all = allStats();
  const found = all.filter(({ pid }) => pid === root);
  for (const one of found) found.push(...all.filter(({ parent }) => parent === one.pid));
  return found;
};

const pssOf = (pid: number): number => {
  try {
    const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
    return Number(/^Pss:\s+([0-9]+) kB/mu.exec(text)?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
};

/** CPU of the process and its descendants so far, also of those that ended. */
export const cpuMsOf = (root: number): number =>
  treeOf(root).reduce((sum, { ticks, ticksOfEnded }) => sum + ticks + ticksOfEnded, 0) * TICK_MS;

export const pssBytesOf = (root: number): number =>
  treeOf(root).reduce((sum, { pid }) => sum + pssOf(pid), 0);

/** CPU milliseconds by name, of processes given by name. */
export const cpuOf = (pids: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(Object.entries(pids).map(([name, pid]) => [name, cpuMsOf(pid)]));

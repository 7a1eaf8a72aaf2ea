import { cpus, loadavg, release, totalmem } from 'node:os';

export interface Machine {
  readonly cores: number;
  readonly cpu: string;
  readonly memoryGb: number;
  readonly system: string;
  readonly node: string;
  /** Runnable processes over the last minute before the bench: others' work distorts. */
  readonly load: number;
}

export const machine = (): Machine => ({
  cores: cpus().length,
  cpu: cpus()[0]?.model ?? 'unknown',
  memoryGb: Math.round(totalmem() / 2 ** 30),
  system: `${process.platform} ${release()}`,
  node: process.version,
  load: loadavg()[0] ?? 0,
});

export const machineLine = ({ cores, cpu, memoryGb, system, node, load }: Machine): string =>
  `${cores} × ${cpu}, ${memoryGb} GB, ${system}, Node ${node}, load before ${load.toFixed(1)}`;

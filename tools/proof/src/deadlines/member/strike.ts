import { existsSync, readFileSync, rmSync } from 'node:fs';

/** `in-sweep`: rungs are taken and not committed. `in-command`: deadlines are changed and not committed. */
export type Point = 'in-sweep' | 'in-command';

/** Stops this process where it stands, once, when its strike file names the point. */
export const striker =
  (file: string) =>
  (point: Point): void => {
    if (!existsSync(file) || readFileSync(file, 'utf8') !== point) return;
    rmSync(file);
    process.kill(process.pid, 'SIGSTOP');
  };

export type Strike = ReturnType<typeof striker>;

import { spawn } from 'node:child_process';

export interface Ended {
  /** Null when it had to be ended. */
  readonly code: number | null;
  readonly output: string;
}

/** Runs a program of ours to its end; one that does not end is ended, with all that it started. */
export const command = (
  [program = '', ...args]: readonly string[],
  cwd: string,
  withinMs: number,
): Promise<Ended> =>
  new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    const pieces: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (piece: Buffer) => pieces.push(piece));
    const timer = setTimeout(() => {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    }, withinMs);
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve({ code, output: Buffer.concat(pieces).toString() });
    });
  });

/** Where a verb writes: results on `out`, everything else on `err`; one call is one line. */
export interface Terminal {
  out(line: string): void;
  err(line: string): void;
  /** Progress of long work: one line that is written over, and gone with null; only where somebody watches. */
  progress(line: string | null): void;
  /** Makes `out` empty before it is written anew; only on a terminal. */
  clear(): void;
  /** Colour on `out`: a terminal, and NO_COLOR not set (https://no-color.org). */
  readonly colour: boolean;
}

export const processTerminal = (): Terminal => ({
  out: (line) => void process.stdout.write(`${line}\n`),
  err: (line) => void process.stderr.write(`${line}\n`),
  progress: (line) => {
    if (process.stderr.isTTY) process.stderr.write(`\r\u001B[2K${line ?? ''}`);
  },
  clear: () => {
    if (process.stdout.isTTY) process.stdout.write('\u001B[2J\u001B[H');
  },
  colour: process.stdout.isTTY && !process.env['NO_COLOR'],
});

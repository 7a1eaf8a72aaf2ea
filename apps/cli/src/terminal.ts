/** Where a verb writes: results on `out`, everything else on `err`; one call is one line. */
export interface Terminal {
  out(line: string): void;
  err(line: string): void;
  /** Colour on `out`: a terminal, and NO_COLOR not set (https://no-color.org). */
  readonly colour: boolean;
}

export const processTerminal = (): Terminal => ({
  out: (line) => void process.stdout.write(`${line}\n`),
  err: (line) => void process.stderr.write(`${line}\n`),
  colour: process.stdout.isTTY && !process.env['NO_COLOR'],
});

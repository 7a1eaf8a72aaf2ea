import type { Terminal } from '../terminal.js';

/** A terminal that remembers its lines. */
export const recordingTerminal = (): Terminal & { outLines: string[]; errLines: string[] } => {
  const outLines: string[] = [];
  const errLines: string[] = [];
  return {
    outLines,
    errLines,
    colour: false,
    out: (line) => void outLines.push(line),
    err: (line) => void errLines.push(line),
  };
};

import type { Terminal } from '../terminal.js';

export interface RecordingTerminal extends Terminal {
  readonly outLines: string[];
  readonly errLines: string[];
  readonly progressLines: string[];
}

/** A terminal that remembers its lines. */
export const recordingTerminal = (): RecordingTerminal => {
  const outLines: string[] = [];
  const errLines: string[] = [];
  const progressLines: string[] = [];
  return {
    outLines,
    errLines,
    progressLines,
    progress: (line) => void (line !== null && progressLines.push(line)),
    clear: () => undefined,
    colour: false,
    out: (line) => void outLines.push(line),
    err: (line) => void errLines.push(line),
  };
};

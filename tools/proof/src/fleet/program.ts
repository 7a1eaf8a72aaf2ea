import { startLinliProgram, type LinliProgram } from '@linli/testing';
import { appendFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('main.js', import.meta.resolve('@linli/all-in-one')));

/** `npm start`'s process, ready. What it says is appended to `logFile`. */
export const startLinli = (
  environment: Readonly<Record<string, string>>,
  logFile: string,
): Promise<LinliProgram> =>
  startLinliProgram({ main, environment, hear: (text) => appendFileSync(logFile, text) });

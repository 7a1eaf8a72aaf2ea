import { startLinliProgram, type LinliProgram } from '@linli/testing';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../main.js', import.meta.url));

/** A part of the system as a process of its own, to be killed. */
export const spawnLinli = (environment: Readonly<Record<string, string>>): Promise<LinliProgram> =>
  startLinliProgram({ main, environment });

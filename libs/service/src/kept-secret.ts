import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';

export interface KeptSecret {
  readonly value: string;
  /** True the one time it was made; the moment to show it. */
  readonly fresh: boolean;
}

const read = (path: string): string | null => {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return null;
    }
    throw error;
  }
};

/**
 * A secret that a data directory keeps (mode 0600): made at the first start, the same ever after. The file appears
 * whole or not at all, and of two processes that start together both end with the same secret.
 */
export const keptSecret = (
  dataDir: string,
  name: string,
  make = (): string => randomBytes(32).toString('base64url'),
): KeptSecret => {
  const path = join(dataDir, name);
  const known = read(path);
  if (known) {
    return { value: known, fresh: false };
  }
  mkdirSync(dataDir, { recursive: true });
  const draft = `${path}.${process.pid}`;
  const value = make();
  writeFileSync(draft, `${value}\n`, { mode: 0o600, flush: true });
  try {
    linkSync(draft, path);
    return { value, fresh: true };
  } catch (error) {
    const others = read(path);
    if (!others) {
      throw error;
    }
    return { value: others, fresh: false };
  } finally {
    rmSync(draft, { force: true });
  }
};

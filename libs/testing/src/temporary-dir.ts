import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface TemporaryDir {
  readonly path: string;
  remove(): void;
}

/** A folder that the embedded PostgreSQL may lie in: root serves it as another user, who must pass through. */
export const temporaryDir = (name = 'test'): TemporaryDir => {
  const path = mkdtempSync(join(tmpdir(), `linli-${name}-`));
  chmodSync(path, 0o755);
  return { path, remove: () => rmSync(path, { recursive: true, force: true, maxRetries: 3 }) };
};

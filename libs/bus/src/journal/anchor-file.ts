import { mkdir, open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Anchor, AnchorSink } from './anchors.js';

const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT';

/** A line that a crash tore is none: the next anchor says as much. */
const read = (line: string): Anchor[] => {
  try {
    return [JSON.parse(line) as Anchor];
  } catch {
    return [];
  }
};

/**
 * Anchors as lines of JSON in a file, which is only ever appended to: copy it to a write-once store, or let another
 * office keep it. Each write begins with a line break, so that a torn line spoils no other.
 */
export const anchorFile = (path: string): AnchorSink => ({
  async add(anchors) {
    await mkdir(dirname(path), { recursive: true });
    const file = await open(path, 'a', 0o600);
    try {
      await file.appendFile(anchors.map((anchor) => `\n${JSON.stringify(anchor)}`).join('') + '\n');
      await file.sync();
    } finally {
      await file.close();
    }
  },

  async of(topic, partition) {
    const text = await readFile(path, 'utf8').catch((error: unknown) => {
      if (isMissing(error)) return '';
      throw error;
    });
    return text
      .split('\n')
      .filter(Boolean)
      .flatMap(read)
      .filter((anchor) => anchor.topic === topic && anchor.partition === partition);
  },
});

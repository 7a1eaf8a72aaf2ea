import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { command } from './command.js';
import { patched, type Patch } from './mutant.js';

const BUILD_WITHIN_MS = 300_000;
/** Of the tree nothing else is needed to build and to test. */
const left = new Set(['.git', '.nx', 'node_modules', '.tally', 'docs']);
const BUILT = ['tools/simulation', 'tools/stack', 'libs/deadlines', 'apps/risk', 'apps/gateway'];

/** A throw-away copy of the tree, in which guards are taken out; the tree itself is never touched. */
export class Workshop {
  private constructor(readonly folder: string) {}

  static async open(root: string): Promise<Workshop> {
    const folder = mkdtempSync(join(tmpdir(), 'linli-mutants-'));
    const workshop = new Workshop(folder);
    try {
      for (const entry of readdirSync(root)) {
        if (left.has(entry)) continue;
        cpSync(join(root, entry), join(folder, entry), {
          recursive: true,
          preserveTimestamps: true,
          filter: (source) => !left.has(basename(source)),
        });
      }
      // Hard links: nobody writes into them.
      await workshop.must(['cp', '-al', join(root, 'node_modules'), folder]);
      await workshop.build();
    } catch (error) {
      workshop.close();
      throw error;
    }
    return workshop;
  }

  /** Works on the copy without a guard, and puts it back. */
  async without<T>(patches: readonly Patch[], work: () => Promise<T>): Promise<T> {
    const originals = new Map<string, string>();
    try {
      for (const patch of patches) {
        const path = join(this.folder, patch.file);
        const source = readFileSync(path, 'utf8');
        if (!originals.has(path)) originals.set(path, source);
        writeFileSync(path, patched(source, patch));
      }
      await this.build();
      return await work();
    } finally {
      for (const [path, source] of originals) writeFileSync(path, source);
    }
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private build(): Promise<void> {
    const compiler = join(this.folder, 'node_modules/typescript/bin/tsc');
    return this.must([process.execPath, compiler, '-b', ...BUILT]);
  }

  private async must(words: readonly string[]): Promise<void> {
    const { code, output } = await command(words, this.folder, BUILD_WITHIN_MS);
    if (code !== 0) throw new Error(`${words.join(' ')} failed:\n${output}`);
  }
}

/** An exact text of one file, and what stands there instead. */
export interface Patch {
  readonly file: string;
  readonly text: string;
  readonly instead: string;
}

/** What may go red. */
export type Check =
  | { readonly seeds: number }
  | {
      readonly project: string;
      readonly tier: 'unit' | 'int';
      /** Part of the path of the specs. */
      readonly specs: string;
      /** Needs the real broker. */
      readonly onStack?: true;
    };

/** One guard taken out. */
export interface Mutant {
  readonly name: string;
  /** The guard that is missing, in words. */
  readonly without: string;
  readonly patches: readonly Patch[];
  readonly checks: readonly Check[];
}

/** Of a patch whose text no longer stands exactly once in its file. */
export class Stale extends Error {
  override readonly name = 'Stale';
}

/** The source with the patch applied. */
export const patched = (source: string, { file, text, instead }: Patch): string => {
  const parts = source.split(text);
  if (parts.length !== 2) {
    throw new Stale(`${file}: stands ${parts.length - 1} times where once is expected:\n${text}`);
  }
  return parts.join(instead);
};

/** A promise was broken: all that was found wrong, each in a sentence. */
export class Broken extends Error {
  override readonly name = 'Broken';

  constructor(readonly faults: readonly string[]) {
    super(`broken:\n${faults.join('\n')}`);
  }
}

/** Collects what is wrong, so that a run tells all of it and not the first. */
export class Findings {
  private readonly found: string[] = [];

  /** Null: this was right. */
  note(...findings: readonly (string | null)[]): void {
    this.found.push(...findings.filter((finding) => finding !== null));
  }

  /** Throws `Broken` when there are any. */
  settle(what: string): void {
    if (this.found.length > 0) throw new Broken([what, ...this.found.slice(0, 20)]);
  }
}

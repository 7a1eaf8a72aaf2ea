const FAILURES = 5;
const PROBE_EVERY_MS = 1000;

/**
 * Opens after some failures in a row: from then on one request a second is let through, to see whether it is over, and
 * the others need not wait to be refused.
 */
export class Breaker {
  private failures = 0;
  private openSince = 0;
  private lastProbe = 0;

  constructor(private readonly now: () => number = () => performance.now()) {}

  get open(): boolean {
    return this.failures >= FAILURES;
  }

  /** For how long it has been open. */
  get openMs(): number {
    return this.open ? this.now() - this.openSince : 0;
  }

  admits(): boolean {
    if (!this.open) return true;
    if (this.now() - this.lastProbe < PROBE_EVERY_MS) return false;
    this.lastProbe = this.now();
    return true;
  }

  failed(): void {
    this.failures += 1;
    if (this.failures !== FAILURES) return;
    this.openSince = this.now();
    this.lastProbe = this.now();
  }

  succeeded(): void {
    this.failures = 0;
  }
}

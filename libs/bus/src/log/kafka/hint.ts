const AFTER_MS = 1_000;

/** Kafka's committed offsets are a hint for lag tools and keep the group known; our own store decides. */
export class Hint {
  private timer: NodeJS.Timeout | null = null;

  constructor(private readonly give: () => Promise<void>) {}

  /** There is something to tell; once a second is enough. */
  later(): void {
    this.timer ??= setTimeout(() => void this.now(), AFTER_MS).unref();
  }

  /** If there is something to tell. */
  async now(): Promise<void> {
    if (this.timer === null) return;
    clearTimeout(this.timer);
    this.timer = null;
    await this.give();
  }
}

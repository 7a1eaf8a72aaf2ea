interface Waiting<Item, Answer> {
  readonly item: Item;
  readonly answer: (answer: Promise<Answer>) => void;
}

/**
 * Work that is done for many at once: while it is done for some, the next ones gather. Whoever comes alone does not wait.
 * Thousands of alarms that ring in the same moment would otherwise each take a transaction, and leave none to the sweeps.
 */
export class Gathering<Item, Answer> {
  private readonly waiting: Waiting<Item, Answer>[] = [];
  private busy = false;

  constructor(
    private readonly work: (items: readonly Item[]) => Promise<Answer>,
    private readonly most: number,
  ) {}

  /** What the work answers for all with whom this one was done. */
  with(item: Item): Promise<Answer> {
    return new Promise((answer) => {
      this.waiting.push({ item, answer });
      if (!this.busy) void this.run();
    });
  }

  private async run(): Promise<void> {
    this.busy = true;
    while (this.waiting.length > 0) {
      const lot = this.waiting.splice(0, this.most);
      const answer = this.work(lot.map(({ item }) => item));
      for (const one of lot) one.answer(answer);
      await answer.catch(() => undefined);
    }
    this.busy = false;
  }
}

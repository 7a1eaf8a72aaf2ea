interface Event {
  readonly at: number;
  /** Decides between events of the same instant. */
  readonly nth: number;
  readonly work: () => void;
}

const before = (a: Event, b: Event): boolean => a.at < b.at || (a.at === b.at && a.nth < b.nth);

/** What is still to happen, earliest first (a binary heap). */
export class Agenda {
  private readonly heap: Event[] = [];
  private count = 0;

  add(at: number, work: () => void): void {
    const { heap } = this;
    const event = { at, nth: (this.count += 1), work };
    let place = heap.length;
    heap.push(event);
    while (place > 0) {
      const parent = (place - 1) >> 1;
      const above = heap[parent];
      if (!above || before(above, event)) break;
      heap[place] = above;
      place = parent;
    }
    heap[place] = event;
  }

  /** When the next is due. */
  get due(): number | undefined {
    return this.heap[0]?.at;
  }

  take(): Event | undefined {
    const { heap } = this;
    const first = heap[0];
    const last = heap.pop();
    if (last && heap.length > 0) this.sink(last);
    return first;
  }

  private sink(event: Event): void {
    const { heap } = this;
    let place = 0;
    for (;;) {
      const left = 2 * place + 1;
      const [a, b] = [heap[left], heap[left + 1]];
      if (!a) break;
      const [child, at] = b && before(b, a) ? [b, left + 1] : [a, left];
      if (before(event, child)) break;
      heap[place] = child;
      place = at;
    }
    heap[place] = event;
  }
}

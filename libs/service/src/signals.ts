/**
 * Wake-ups between parts that do not share memory. A hint, never truth: whoever listens also polls.
 * In one process an emitter; across processes Redis publish/subscribe.
 */
export interface Signals {
  raise(name: string): void;
  /** Returns a function that ends the listening. */
  on(name: string, wake: () => void): () => void;
  close(): Promise<void>;
}

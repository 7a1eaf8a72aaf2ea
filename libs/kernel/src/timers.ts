/** Runs work later, once; never keeps the process alive. Simulated time jumps to it. */
export interface Timers {
  /** Returns how to call it off. */
  after(ms: number, work: () => void): () => void;
  /** Once all that can run now has run. */
  soon(work: () => void): void;
}

export const systemTimers: Timers = {
  after(ms, work) {
    const timer = setTimeout(work, ms).unref();
    return () => clearTimeout(timer);
  },
  soon: (work) => void setImmediate(work),
};

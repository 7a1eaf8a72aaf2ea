import type { Span } from './evidence.js';

const TICK_MS = 50;
/** Shorter ones are how timers are. */
const SHORTEST_MS = 250;

/**
 * Notes when the machine lets nobody run: a timer of this process, which does next to nothing, then comes late. The promise
 * of five seconds is for processes that run.
 */
export const watchStalls = (): { readonly spans: readonly Span[]; readonly stop: () => void } => {
  const spans: Span[] = [];
  let last = Date.now();
  const timer = setInterval(() => {
    const now = Date.now();
    if (now - last - TICK_MS > SHORTEST_MS) spans.push({ from: last + TICK_MS, to: now });
    last = now;
  }, TICK_MS);
  return { spans, stop: () => clearInterval(timer) };
};

/** In order and apart. */
export const apart = (spans: readonly Span[]): Span[] =>
  spans
    .toSorted((a, b) => a.from - b.from)
    .reduce<Span[]>((all, { from, to }) => {
      const before = all.at(-1);
      if (!before || before.to < from) return [...all, { from, to }];
      return [...all.slice(0, -1), { from: before.from, to: Math.max(before.to, to) }];
    }, []);

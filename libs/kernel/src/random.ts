/** Where chance comes from: a number in [0, 1). Seeded in simulation. */
export interface Random {
  next(): number;
}

export const systemRandom: Random = { next: () => Math.random() };

/** Mulberry32, the same numbers for the same seed: small, fast, good enough to choose what a load does next. */
export const seededRandom = (seed: number): Random => {
  let state = seed >>> 0;
  return {
    next() {
      state = (state + 0x6d2b79f5) >>> 0;
      let mixed = Math.imul(state ^ (state >>> 15), state | 1);
      mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
      return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
    },
  };
};

/** One of them, each as likely as the others. */
export const pick = <T>(random: Random, from: readonly T[]): T => {
  const one = from[Math.floor(random.next() * from.length)];
  if (one === undefined) throw new Error('nothing to pick from');
  return one;
};

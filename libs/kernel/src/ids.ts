/** Where new identifiers come from (UUID text). Seeded in simulation. */
export interface Ids {
  next(): string;
}

/** Where chance comes from: a number in [0, 1). Seeded in simulation. */
export interface Random {
  next(): number;
}

export const systemIds: Ids = { next: () => globalThis.crypto.randomUUID() };

export const systemRandom: Random = { next: () => Math.random() };

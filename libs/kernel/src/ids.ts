/** Where new identifiers come from (UUID text). Seeded in simulation. */
export interface Ids {
  next(): string;
}

export const systemIds: Ids = { next: () => globalThis.crypto.randomUUID() };

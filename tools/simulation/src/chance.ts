import type { Random } from '@linli/kernel';

/** All chance of one run (sfc32): the same seed gives the same numbers for ever. */
export class Chance implements Random {
  private a: number;
  private b = 0x9e3779b9;
  private c = 0x243f6a88;
  private count = 1;

  constructor(seed: number) {
    this.a = seed | 0;
    for (let n = 0; n < 15; n += 1) this.bits();
  }

  /** In [0, 1). */
  next(): number {
    return this.bits() / 0x1_0000_0000;
  }

  /** UUID text. */
  id(): string {
    const hex = Array.from({ length: 4 }, () => this.bits().toString(16).padStart(8, '0')).join('');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  }

  happens(probability: number): boolean {
    return probability > 0 && this.next() < probability;
  }

  between(low: number, high: number): number {
    return low + this.next() * (high - low);
  }

  /** In [0, below). */
  below(below: number): number {
    return Math.floor(this.next() * below);
  }

  of<T>(all: readonly T[]): T {
    const one = all[this.below(all.length)];
    if (one === undefined) throw new Error('nothing to choose from');
    return one;
  }

  private bits(): number {
    const t = (((this.a + this.b) | 0) + this.count) | 0;
    this.count = (this.count + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = (this.c << 21) | (this.c >>> 11);
    this.c = (this.c + t) | 0;
    return t >>> 0;
  }
}

import type { World } from './world.js';

const LOCK_TIMEOUT_MS = 1_000;

/** As PostgreSQL says that a row stayed locked for too long. */
const lockTimeout = (key: string): Error =>
  Object.assign(new Error(`canceling statement due to lock timeout on ${key}`), { code: '55P03' });

interface Waiter<Owner> {
  readonly owner: Owner;
  readonly granted: () => void;
}

interface Lock<Owner> {
  holder: Owner;
  readonly waiting: Waiter<Owner>[];
}

/** Row locks, held until their transaction ends; first come, first served. */
export class Locks<Owner> {
  private readonly locks = new Map<string, Lock<Owner>>();

  constructor(private readonly world: World) {}

  /** Without waiting. False when another one has it. */
  takeFree(key: string, owner: Owner): boolean {
    const holder = (this.locks.get(key) ?? { holder: owner }).holder;
    if (!this.locks.has(key)) this.locks.set(key, { holder: owner, waiting: [] });
    return holder === owner;
  }

  async take(key: string, owner: Owner): Promise<void> {
    const lock = this.locks.get(key);
    if (!lock) {
      this.locks.set(key, { holder: owner, waiting: [] });
      return;
    }
    if (lock.holder === owner) return;
    await this.wait(lock, key, owner);
  }

  release(owner: Owner): void {
    for (const [key, lock] of this.locks) {
      if (lock.holder !== owner) continue;
      const next = lock.waiting.shift();
      if (!next) this.locks.delete(key);
      else {
        lock.holder = next.owner;
        next.granted();
      }
    }
  }

  private wait(lock: Lock<Owner>, key: string, owner: Owner): Promise<void> {
    return new Promise((resolve, reject) => {
      const waiter = { owner, granted: resolve };
      lock.waiting.push(waiter);
      this.world.after(LOCK_TIMEOUT_MS, () => {
        const place = lock.waiting.indexOf(waiter);
        if (place === -1) return;
        lock.waiting.splice(place, 1);
        this.world.faults.follows('lock waited out');
        reject(lockTimeout(key));
      });
    });
  }
}

import type { ParkedKey, ParkedMessage, ParkingStore } from '../bus-store.js';
import { numbered, type MemoryTransaction } from './memory-tables.js';

const keyOf = (group: string, key: string): string => `${group} ${key}`;
const byArrival = (a: ParkedMessage, b: ParkedMessage): number => a.n - b.n;

export const memoryParking: ParkingStore<MemoryTransaction> = {
  async parkedAmong(tx, group, keys) {
    return new Set(keys.filter((key) => tx.get('parked_key', keyOf(group, key))));
  },

  async park(tx, { group, key, since, reason }) {
    const known = tx.get<ParkedKey>('parked_key', keyOf(group, key));
    if (known) {
      const again: ParkedKey = { ...known, reason, attempts: known.attempts + 1 };
      tx.put('parked_key', keyOf(group, key), again);
      return;
    }
    const n = tx.number('parked_key');
    tx.put('parked_key', keyOf(group, key), {
      group,
      key,
      since,
      reason,
      attempts: 1,
      n,
      id: numbered('a', n),
    });
  },

  async append(tx, messages) {
    for (const message of messages) {
      const n = tx.number('parked_message');
      tx.put('parked_message', String(n), { ...message, n } satisfies ParkedMessage);
    }
  },

  async keys(tx, key) {
    return tx
      .rows<ParkedKey>('parked_key')
      .filter((row) => key === undefined || row.key === key)
      .toSorted((a, b) => a.since.getTime() - b.since.getTime() || a.key.localeCompare(b.key))
      .map(({ group, key: name, since, reason, attempts }) => ({
        group,
        key: name,
        since,
        reason,
        attempts,
      }));
  },

  async first(tx, group, key) {
    const waiting = tx
      .rows<ParkedMessage>('parked_message')
      .filter((row) => row.group === group && row.key === key);
    return waiting.toSorted(byArrival)[0] ?? null;
  },

  async remove(tx, { n }) {
    tx.remove('parked_message', String(n));
  },

  async unpark(tx, group, key) {
    tx.remove('parked_key', keyOf(group, key));
  },
};

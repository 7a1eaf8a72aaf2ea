import type { TopicSpec } from '@linli/contracts';
import { type Random, systemClock } from '@linli/kernel';
import { describe, expect, it } from '@jest/globals';
import { logConformance } from '../../conformance/log.conformance.js';
import { Reader, until } from '../../conformance/reader.js';
import type { NewRecord } from '../log.js';
import { memoryLog } from './memory-log.js';

logConformance('memory', async () => memoryLog({ clock: systemClock }), {
  sharesPartitions: true,
  durable: false,
});

describe('the memory log in simulation', () => {
  const topic: TopicSpec = { name: 't', partitions: 2, holds: 'commands' };
  const records = (count: number): NewRecord[] =>
    Array.from({ length: count }, (_, n) => ({ partition: n % 2, key: String(n), value: null, headers: {} }));

  const cutsWith = async (seed: number): Promise<number[]> => {
    let state = seed;
    const random: Random = { next: () => (state = (state * 16_807) % 2_147_483_647) / 2_147_483_647 };
    const log = memoryLog({ clock: systemClock, random });
    await log.provision([topic]);
    await log.publish(topic, records(500));
    const reader = await Reader.on(log, topic);
    await until(() => reader.records.length === 500);
    await log.close();
    return reader.batches.map(({ length }) => length);
  };

  it('cuts the records into batches by the given chance, the same for the same seed', async () => {
    expect(await cutsWith(7)).toEqual(await cutsWith(7));
    expect(await cutsWith(7)).not.toEqual(await cutsWith(8));
  });

  it('takes the time from its clock and rests by its schedule', async () => {
    const now = new Date('2026-03-01T00:00:00Z');
    const later: { ms: number; work: () => void }[] = [];
    const log = memoryLog({ clock: { now: () => now }, schedule: (ms, work) => later.push({ ms, work }) });
    await log.provision([topic]);
    await log.publish(topic, records(1));
    let rested = false;
    const reader = await Reader.on(log, topic, {
      answer: () => {
        if (rested) return undefined;
        rested = true;
        return { from: 0, afterMs: 86_400_000 };
      },
    });
    await until(() => later.length === 1);
    expect(reader.records[0]?.appendedAt).toEqual(now);
    expect(later[0]?.ms).toBe(86_400_000);
    later[0]?.work();
    await until(() => reader.records.length === 2);
    await log.close();
    expect(reader.positions()).toEqual([]);
  });
});

import type { EachBatchPayload } from 'kafkajs';
import type { TopicSpec } from '@linli/contracts';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { Gate } from '../../conformance/reader.js';
import type { LogRecord, Next, Subscription } from '../log.js';
import { PartitionReading } from './partition-reading.js';
import type { Steering } from './steering.js';

const topic: TopicSpec = { name: 't', partitions: 2, holds: 'commands' };

/** A group member over a kafkajs that the test plays itself; `told` is what kafkajs was told, in order. */
const aReading = (more: Partial<Subscription> = {}, marks = { low: 0, high: 1_000 }) => {
  const told: string[] = [];
  const handed: number[][] = [];
  const steering: Steering = {
    pause: (partitions) => told.push(`pause ${partitions.join()}`),
    resume: (partitions) => told.push(`resume ${partitions.join()}`),
    seek: (partition, offset) => told.push(`seek ${partition} to ${offset}`),
    commit: async (offsets) => {
      told.push(`commit ${JSON.stringify([...offsets])}`);
    },
  };
  const reading = new PartitionReading({
    subscription: {
      group: 'g',
      topic,
      onAssigned: async (assigned) => {
        told.push('ask');
        return new Map(assigned.map(({ partition }) => [partition, 5]));
      },
      onRecords: async (records) => {
        handed.push(offsetsOf(records));
        return { from: (records.at(-1)?.offset ?? 0) + 1 };
      },
      ...more,
    },
    watermarks: async () => [
      { partition: 0, ...marks },
      { partition: 1, ...marks },
    ],
  });
  return { reading, steering, told, handed };
};

const offsetsOf = (records: readonly LogRecord[]): number[] => records.map(({ offset }) => offset);

interface Played {
  readonly partition?: number;
  readonly from: number;
  readonly count: number;
  readonly beat?: () => Promise<void>;
}

const played = ({ partition = 0, from, count, beat }: Played) => {
  const resolved: string[] = [];
  const messages = Array.from({ length: count }, (_, n) => ({
    offset: String(from + n),
    key: null,
    value: Buffer.from('x'),
    headers: {},
    timestamp: '0',
  }));
  const payload = {
    batch: {
      topic: 't',
      partition,
      messages,
      highWatermark: '1000',
      fetchedOffset: String(from),
      lastOffset: () => String(from + count - 1),
    },
    resolveOffset: (offset: string) => resolved.push(offset),
    heartbeat: beat ?? (async () => undefined),
  } as unknown as EachBatchPayload;
  return { payload, resolved };
};

const turns = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });

describe('reading a partition of Kafka', () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('pauses before anything else, seeks every partition, and only then resumes', async () => {
    const { reading, steering, told } = aReading();
    reading.joined(steering, [0, 1]);
    expect(told).toEqual(['pause 0,1']);
    await turns();
    expect(told).toEqual(['pause 0,1', 'ask', 'seek 0 to 5', 'seek 1 to 5', 'resume 0,1']);
  });

  it('hands nothing over before the start is known', async () => {
    const gate = new Gate();
    const { reading, steering, handed } = aReading({
      onAssigned: async () => {
        await gate.passed;
        return new Map([[0, 5]]);
      },
    });
    reading.joined(steering, [0]);
    await reading.batch(played({ from: 0, count: 3 }).payload);
    gate.open();
    await turns();
    expect(handed).toEqual([]);
  });

  it('never reads on from a position that it did not ask for; it asks for the starts anew', async () => {
    const { reading, steering, told, handed } = aReading();
    reading.joined(steering, [0, 1]);
    await turns();
    told.length = 0;
    jest.useFakeTimers();
    await reading.batch(played({ from: 0, count: 3 }).payload);
    jest.useRealTimers();
    expect(told).toEqual(['pause 0,1']);
    await reading.batch(played({ from: 5, count: 3 }).payload);
    expect(handed).toEqual([]);
    while (!told.includes('resume 0,1')) await turns();
    await reading.batch(played({ from: 5, count: 3 }).payload);
    expect(handed).toEqual([[5, 6, 7]]);
  });

  it('asks for the starts anew when in doubt, and hands nothing over until it has them', async () => {
    const { reading, steering, told, handed } = aReading();
    reading.joined(steering, [0, 1]);
    await turns();
    told.length = 0;
    reading.doubt();
    expect(told).toEqual(['pause 0,1']);
    await reading.batch(played({ from: 5, count: 3 }).payload);
    expect(handed).toEqual([]);
    while (!told.includes('resume 0,1')) await turns();
    expect(told).toEqual(['pause 0,1', 'ask', 'seek 0 to 5', 'seek 1 to 5', 'resume 0,1']);
  });

  it('finds a position that the log gave up, also when no new record shows it', async () => {
    const marks = { low: 0, high: 1_000 };
    const { reading, steering, told } = aReading({}, marks);
    reading.joined(steering, [0]);
    await turns();
    await reading.compare();
    expect(told.at(-1)).toBe('resume 0');
    Object.assign(marks, { low: 6 });
    await reading.compare();
    expect(told.at(-1)).toBe('pause 0');
  });

  it('finds a log that was cut below a position', async () => {
    const marks = { low: 0, high: 5 };
    const { reading, steering, told } = aReading({}, marks);
    reading.joined(steering, [0]);
    await turns();
    await reading.compare();
    expect(told.at(-1)).toBe('resume 0');
    Object.assign(marks, { high: 4 });
    await reading.compare();
    expect(told.at(-1)).toBe('pause 0');
  });

  it('resolves what is done and returns when a batch takes longer than a second', async () => {
    let now = 1_000_000;
    jest.spyOn(performance, 'now').mockImplementation(() => now);
    const handed: number[][] = [];
    const { reading, steering } = aReading({
      onRecords: async (records) => {
        handed.push(offsetsOf(records));
        now += 1_001;
        return { from: (records.at(-1)?.offset ?? 0) + 1 };
      },
    });
    reading.joined(steering, [0]);
    await turns();
    const { payload, resolved } = played({ from: 5, count: 600 });
    await reading.batch(payload);
    expect(handed.map(({ length }) => length)).toEqual([200]);
    expect(resolved).toEqual(['204']);
    await reading.batch(played({ from: 205, count: 1 }).payload);
    expect(handed.at(-1)).toEqual([205]);
  });

  it('does not make the neighbours of a fetch wait for a partition that takes long', async () => {
    const gate = new Gate();
    const { reading, steering, told } = aReading({
      onRecords: async (records) => {
        await gate.passed;
        return { from: (records.at(-1)?.offset ?? 0) + 1 };
      },
    });
    reading.joined(steering, [0, 1]);
    await turns();
    told.length = 0;
    await reading.batch(played({ from: 5, count: 3 }).payload);
    expect(told).toEqual(['pause 0']);
    await reading.batch(played({ from: 5, count: 3 }).payload);
    gate.open();
    while (told.length < 3) await turns();
    expect(told).toEqual(['pause 0', 'seek 0 to 8', 'resume 0']);
    expect(reading.positions()[0]).toMatchObject({ partition: 0, next: 8 });
  });

  it('lets the news of a rebalance out, and begins no other batch of that fetch', async () => {
    const { reading, steering, handed } = aReading();
    reading.joined(steering, [0, 1]);
    await turns();
    const news = Object.assign(new Error('rebalancing'), { type: 'REBALANCE_IN_PROGRESS' });
    const { payload } = played({ from: 5, count: 300, beat: () => Promise.reject(news) });
    await expect(reading.batch(payload)).rejects.toBe(news);
    await reading.batch(played({ partition: 1, from: 5, count: 3 }).payload);
    expect(handed.map(({ length }) => length)).toEqual([200]);
  });

  it('goes on when a heartbeat fails for another reason', async () => {
    const { reading, steering, handed } = aReading();
    reading.joined(steering, [0]);
    await turns();
    await reading.batch(
      played({ from: 5, count: 300, beat: () => Promise.reject(new Error('slow net')) }).payload,
    );
    expect(handed.map(({ length }) => length)).toEqual([200, 100]);
  });

  it.each([
    ['a consumer that throws', async (): Promise<Next> => Promise.reject(new TypeError('a defect'))],
    ['a consumer that answers nonsense', async (): Promise<Next> => undefined as unknown as Next],
  ])('lets nothing else out: %s', async (_, onRecords) => {
    const { reading, steering } = aReading({ onRecords });
    reading.joined(steering, [0]);
    await turns();
    await expect(reading.batch(played({ from: 5, count: 3 }).payload)).resolves.toBeUndefined();
  });

  it('ignores the answer of an assignment that has ended', async () => {
    const gate = new Gate();
    const seen: boolean[] = [];
    const { reading, steering, told } = aReading({
      onRecords: async (_, current) => {
        seen.push(current());
        await gate.passed;
        seen.push(current());
        return { from: 3, afterMs: 1 };
      },
    });
    reading.joined(steering, [0]);
    await turns();
    const { payload, resolved } = played({ from: 5, count: 3 });
    const work = reading.batch(payload);
    await turns();
    reading.end();
    gate.open();
    await work;
    expect(seen).toEqual([true, false]);
    expect(resolved).toEqual([]);
    expect(told).toEqual(['pause 0', 'ask', 'seek 0 to 5', 'resume 0']);
  });

  it('makes one call at a time for a partition even when a new assignment overlaps the old one', async () => {
    const gate = new Gate();
    let calls = 0;
    const { reading, steering } = aReading({
      onRecords: async (records) => {
        calls += 1;
        await gate.passed;
        return { from: (records.at(-1)?.offset ?? 0) + 1 };
      },
    });
    reading.joined(steering, [0]);
    await turns();
    const before = reading.batch(played({ from: 5, count: 3 }).payload);
    reading.joined(steering, [0]);
    await turns();
    const after = reading.batch(played({ from: 5, count: 3 }).payload);
    await turns();
    expect(calls).toBe(1);
    gate.open();
    await Promise.all([before, after]);
    expect(calls).toBe(2);
  });

  it('tells Kafka the offsets as a hint when it drains', async () => {
    const { reading, steering, told } = aReading();
    reading.joined(steering, [0]);
    await turns();
    await reading.batch(played({ from: 5, count: 3 }).payload);
    await reading.drain();
    expect(told.at(-1)).toBe('commit [[0,8]]');
  });
});

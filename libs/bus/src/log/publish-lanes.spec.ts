import type { TopicSpec } from '@linli/contracts';
import { describe, expect, it, jest } from '@jest/globals';
import type { NewRecord } from './log.js';
import { PublishRefused } from './publish-fault.js';
import { type LaneItem, type LaneSettings, PublishLanes } from './publish-lanes.js';

const topic: TopicSpec = { name: 't', partitions: 4, holds: 'facts' };

const record = (text: string, partition = 0, size = 0): NewRecord => ({
  partition,
  key: text,
  value: size > 0 ? Buffer.alloc(size) : null,
  headers: {},
});

interface Sending {
  readonly keys: (string | null)[];
  readonly done: () => void;
  readonly fail: (fault: Error) => void;
}

/** Lanes whose sends the test answers itself. */
const heldLanes = (more: Partial<LaneSettings> = {}) => {
  const sendings: Sending[] = [];
  const lanes = new PublishLanes({
    laneOf: (_, partition) => String(partition),
    send: (batch: readonly LaneItem[]) =>
      new Promise((done, fail) => {
        sendings.push({ keys: batch.map((item) => item.record.key), done, fail });
      }),
    maxBatchRecords: 3,
    maxBatchBytes: 10_000,
    deadlineMs: 3_000,
    maxWaitingBytes: 20_000,
    ...more,
  });
  return { lanes, sendings };
};

/** All that can happen without time going by. */
const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
};

const outcome = (call: Promise<void>): { said: string } => {
  const heard = { said: 'nothing yet' };
  call.then(
    () => (heard.said = 'published'),
    (fault: Error & { code: string }) => (heard.said = fault.code),
  );
  return heard;
};

describe('publish lanes', () => {
  it('send one batch at a time and gather the next one meanwhile', async () => {
    const { lanes, sendings } = heldLanes();
    const calls = ['a', 'b'].map((text) => outcome(lanes.publish(topic, [record(text)])));
    await settled();
    const late = ['c', 'd', 'e', 'f'].map((text) => outcome(lanes.publish(topic, [record(text)])));
    await settled();
    expect(sendings.map(({ keys }) => keys)).toEqual([['a', 'b']]);
    sendings[0]?.done();
    await settled();
    expect(calls.map(({ said }) => said)).toEqual(['published', 'published']);
    expect(sendings.map(({ keys }) => keys)).toEqual([
      ['a', 'b'],
      ['c', 'd', 'e'],
    ]);
    sendings[1]?.done();
    await settled();
    expect(late.map(({ said }) => said)).toEqual(['published', 'published', 'published', 'nothing yet']);
    sendings[2]?.done();
    await settled();
    expect(late[3]?.said).toBe('published');
  });

  it('do not wait for each other', async () => {
    const { lanes, sendings } = heldLanes();
    void lanes.publish(topic, [record('a', 0)]);
    void lanes.publish(topic, [record('b', 1)]);
    await settled();
    expect(sendings.map(({ keys }) => keys)).toEqual([['a'], ['b']]);
    sendings.forEach(({ done }) => done());
  });

  it('bound a batch by its bytes', async () => {
    const { lanes, sendings } = heldLanes();
    const call = outcome(lanes.publish(topic, [record('a', 0, 6_000), record('b', 0, 6_000)]));
    await settled();
    expect(sendings.map(({ keys }) => keys)).toEqual([['a']]);
    sendings[0]?.done();
    await settled();
    expect(call.said).toBe('nothing yet');
    sendings[1]?.done();
    await settled();
    expect(call.said).toBe('published');
  });

  it('say at the deadline: unknown for what was handed over, refused for what never was', async () => {
    jest.useFakeTimers();
    try {
      const { lanes, sendings } = heldLanes();
      const first = outcome(lanes.publish(topic, [record('a')]));
      await settled();
      const second = outcome(lanes.publish(topic, [record('b')]));
      await settled();
      jest.advanceTimersByTime(2_999);
      await settled();
      expect([first.said, second.said]).toEqual(['nothing yet', 'nothing yet']);
      jest.advanceTimersByTime(1);
      await settled();
      expect([first.said, second.said]).toEqual(['LOG_OUTCOME_UNKNOWN', 'LOG_UNAVAILABLE']);
      const third = outcome(lanes.publish(topic, [record('c')]));
      await settled();
      expect(sendings).toHaveLength(1);
      sendings[0]?.done();
      await settled();
      expect(sendings.map(({ keys }) => keys)).toEqual([['a'], ['c']]);
      sendings[1]?.done();
      await settled();
      expect(third.said).toBe('published');
    } finally {
      jest.useRealTimers();
    }
  });

  it('skip the rest of a call whose earlier part failed', async () => {
    const { lanes, sendings } = heldLanes();
    const call = outcome(
      lanes.publish(
        topic,
        ['a', 'b', 'c', 'd'].map((text) => record(text)),
      ),
    );
    const next = outcome(lanes.publish(topic, [record('e')]));
    await settled();
    sendings[0]?.fail(new Error('connection lost'));
    await settled();
    expect(call.said).toBe('LOG_OUTCOME_UNKNOWN');
    expect(sendings.map(({ keys }) => keys)).toEqual([['a', 'b', 'c'], ['e']]);
    sendings[1]?.done();
    await settled();
    expect(next.said).toBe('published');
  });

  it('pass a refusal on as it is', async () => {
    const { lanes, sendings } = heldLanes();
    const calls = ['a', 'b'].map((text) => outcome(lanes.publish(topic, [record(text)])));
    await settled();
    sendings[0]?.fail(new PublishRefused('LOG_UNAVAILABLE', 'nobody there'));
    await settled();
    expect(calls.map(({ said }) => said)).toEqual(['LOG_UNAVAILABLE', 'LOG_UNAVAILABLE']);
    expect(sendings).toHaveLength(1);
  });

  it('let an invalid record harm its own call only', async () => {
    const invalid = new PublishRefused('LOG_RECORD_INVALID', 'no such text');
    const { lanes } = heldLanes({
      send: async (batch) => {
        if (batch.some((item) => item.record.key === 'bad')) throw invalid;
      },
    });
    const calls = ['a', 'bad', 'c'].map((text) => outcome(lanes.publish(topic, [record(text)])));
    await new Promise(setImmediate);
    expect(calls.map(({ said }) => said)).toEqual(['published', 'LOG_RECORD_INVALID', 'published']);
  });

  it('refuse at once what would make too many bytes wait', async () => {
    const { lanes, sendings } = heldLanes();
    const taken = outcome(lanes.publish(topic, [record('a', 0, 9_000)]));
    await settled();
    const waiting = [1, 2].map(() => outcome(lanes.publish(topic, [record('b', 0, 9_000)])));
    const refused = outcome(lanes.publish(topic, [record('c', 1, 9_000)]));
    await settled();
    expect(refused.said).toBe('LOG_OVERLOADED');
    for (const turn of [0, 1, 2]) {
      sendings[turn]?.done();
      await settled();
    }
    expect([taken, ...waiting].map(({ said }) => said)).toEqual(['published', 'published', 'published']);
    const later = outcome(lanes.publish(topic, [record('c', 1, 9_000)]));
    await settled();
    sendings[3]?.done();
    await settled();
    expect(later.said).toBe('published');
  });

  it('free what waited when its callers gave up', async () => {
    jest.useFakeTimers();
    try {
      const { lanes, sendings } = heldLanes();
      outcome(lanes.publish(topic, [record('a')]));
      await settled();
      const gone = [1, 2].map(() => outcome(lanes.publish(topic, [record('b', 0, 9_000)])));
      await settled();
      jest.advanceTimersByTime(3_000);
      await settled();
      expect(gone.map(({ said }) => said)).toEqual(['LOG_UNAVAILABLE', 'LOG_UNAVAILABLE']);
      const other = outcome(lanes.publish(topic, [record('c', 1, 9_500), record('d', 1, 9_500)]));
      await settled();
      expect(other.said).toBe('nothing yet');
      sendings.forEach(({ done }) => done());
    } finally {
      jest.useRealTimers();
    }
  });

  it('wait for what is on its way when they are closed, and take no more', async () => {
    const { lanes, sendings } = heldLanes();
    const call = outcome(lanes.publish(topic, [record('a')]));
    await settled();
    let closed = false;
    const closing = lanes.close().then(() => (closed = true));
    const late = outcome(lanes.publish(topic, [record('b')]));
    await settled();
    expect([closed, late.said]).toEqual([false, 'LOG_CLOSED']);
    sendings[0]?.done();
    await closing;
    expect(call.said).toBe('published');
  });
});

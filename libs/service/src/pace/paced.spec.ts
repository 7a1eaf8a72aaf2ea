import { describe, expect, it } from '@jest/globals';
import { memoryLog, type LogRecord } from '@linli/bus';
import type { TopicSpec } from '@linli/contracts';
import type { Alarm, AlarmTime, Ring } from '@linli/deadlines';
import { acceleratedClock, systemClock } from '@linli/kernel';
import { eventually } from '@linli/testing';
import { pacedAlarm, pacedLog, shownInSql } from './paced.js';

const origin = new Date('2026-11-23T04:00:00.000Z');
const fast = acceleratedClock(new Date('2027-01-01T00:00:00.000Z'), 600, { now: () => origin });
const topic: TopicSpec = { name: 'spec.commands.v1', partitions: 1, holds: 'commands' };

describe('a platform whose time runs faster', () => {
  it('has PostgreSQL count from the same instant at the same pace; else PostgreSQL’s own clock decides', () => {
    expect(shownInSql(fast)('clock_timestamp()')).toBe(
      "(timestamptz '2027-01-01T00:00:00.000Z' + (clock_timestamp() - timestamptz '2026-11-23T04:00:00.000Z') * 600)",
    );
    expect(shownInSql(systemClock)('clock_timestamp()')).toBe('clock_timestamp()');
  });

  it('has PostgreSQL follow a clock that is moved', () => {
    const moved = { now: () => origin, pace: { start: origin, origin, factor: 1 } };
    const shown = shownInSql(moved);
    const before = shown('now()');
    moved.pace = { ...moved.pace, start: new Date('2027-01-01T00:00:00.000Z') };
    expect([before, shown('now()')]).toEqual([
      "(timestamptz '2026-11-23T04:00:00.000Z' + (now() - timestamptz '2026-11-23T04:00:00.000Z') * 1)",
      "(timestamptz '2027-01-01T00:00:00.000Z' + (now() - timestamptz '2026-11-23T04:00:00.000Z') * 1)",
    ]);
  });

  it('sets its alarms sooner, and rings again sooner', async () => {
    const set: AlarmTime[] = [];
    let ringing: Ring = () => Promise.resolve(null);
    const alarm: Alarm = {
      set: (times) => void set.push(...times),
      start: (ring) => void (ringing = ring),
      faults: () => ({ lost: 2, last: 'x' }),
      close: () => Promise.resolve(),
    };
    const paced = pacedAlarm(alarm, fast);
    paced.set([{ deadlineId: 'd', version: 1, round: 0, rung: 0, inMs: 60_000 }]);
    paced.start((id) => Promise.resolve(id === 'd' ? 6_000 : null));
    expect(set).toMatchObject([{ deadlineId: 'd', inMs: 100 }]);
    expect([await ringing('d'), await ringing('e')]).toEqual([10, null]);
    expect(paced.faults()).toEqual({ lost: 2, last: 'x' });
    expect(pacedAlarm(alarm, systemClock)).toBe(alarm);
  });

  it('hears when records were appended by its own clock', async () => {
    const log = memoryLog({ clock: { now: () => new Date(origin.getTime() + 1_000) } });
    const paced = pacedLog(log, fast);
    await paced.provision([topic]);
    const heard: LogRecord[] = [];
    const subscriber = await paced.subscribe({
      ...{ group: 'g', topic },
      onAssigned: () => Promise.resolve(new Map([[0, 0]])),
      onRecords: (records) => {
        heard.push(...records);
        return Promise.resolve({ from: (records.at(-1)?.offset ?? -1) + 1 });
      },
    });
    await paced.publish(topic, [{ partition: 0, key: 'k', value: Buffer.from('v'), headers: {} }]);
    await eventually(() => Promise.resolve(heard.length > 0), { withinMs: 2_000, what: 'a record' });
    expect(heard[0]?.appendedAt.toISOString()).toBe('2027-01-01T00:10:00.000Z');
    expect((await paced.readAt(topic, 0, 0))?.appendedAt.toISOString()).toBe('2027-01-01T00:10:00.000Z');
    await subscriber.stop();
    await paced.close();
    expect(pacedLog(log, systemClock)).toBe(log);
  });
});

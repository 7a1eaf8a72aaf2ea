import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@linli/testing';
import type { Alarm, AlarmTime, Ring } from '../alarm/alarm.js';
import { uuid } from '../ledger/ledger.fixture.js';

/** What every alarm promises. `open` gives a new one under a name that nobody used. */
export const alarmConformance = (name: string, open: (queue: string) => Promise<Alarm>): void => {
  describe(`the alarm of ${name}`, () => {
    let alarm: Alarm;
    let names = 0;
    const rung: { id: string; at: number }[] = [];

    const aTime = (n: number, inMs: number, over: Partial<AlarmTime> = {}): AlarmTime => ({
      ...{ deadlineId: uuid(n), version: 1, round: 0, rung: 0, inMs },
      ...over,
    });
    const ring =
      (answer: (times: number) => number | null = () => null): Ring =>
      async (id) => {
        rung.push({ id, at: performance.now() });
        return answer(rung.length);
      };
    const ringsOf = (n: number): number => rung.filter(({ id }) => id === uuid(n)).length;
    const heard = (n: number, times = 1) =>
      eventually(() => ringsOf(n) >= times, { what: `ring ${times} of ${n}`, withinMs: 15_000 });

    beforeEach(async () => {
      rung.length = 0;
      names += 1;
      alarm = await open(`sla-spec-${process.pid}-${names}`);
    });
    afterEach(() => alarm.close());

    it('rings once for each deadline, not long before its time', async () => {
      alarm.start(ring());
      const start = performance.now();
      await eventually(
        () => {
          alarm.set([aTime(1, 600), aTime(2, 0), aTime(3, -5_000)]);
          return rung.length > 0;
        },
        { everyMs: 100 },
      );
      await Promise.all([heard(1), heard(2), heard(3)]);
      expect(rung.find(({ id }) => id === uuid(1))?.at).toBeGreaterThan(start + 500);
    });

    it('sets a rung of a version once, and that of another version besides', async () => {
      alarm.start(ring());
      await eventually(async () => {
        alarm.set([aTime(9, 0)]);
        return ringsOf(9) > 0;
      });
      alarm.set([aTime(1, 700), aTime(1, 700)]);
      alarm.set([aTime(1, 700)]);
      alarm.set([aTime(1, 800, { version: 2 }), aTime(2, 1_200)]);
      await heard(2);
      expect(ringsOf(1)).toBe(2);
    });

    it('rings again after the time that the ring answers', async () => {
      alarm.start(ring((times) => (times < 3 ? 150 : null)));
      await eventually(async () => {
        if (rung.length === 0) alarm.set([aTime(1, 50)]);
        return ringsOf(1) >= 3;
      });
      const [first, , third] = rung;
      expect((third?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThan(250);
    });

    it('rings on when a ring fails', async () => {
      alarm.start(async (id) => {
        rung.push({ id, at: 0 });
        if (id === uuid(1)) throw new Error('the database is away');
        return null;
      });
      await eventually(() => {
        alarm.set([aTime(1, 0), aTime(2, 100)]);
        return ringsOf(1) > 0;
      });
      await heard(2);
      await eventually(() => alarm.faults().last?.includes('the database is away'));
    });

    it('is quiet once it is closed, twice too', async () => {
      alarm.start(ring());
      alarm.set([aTime(1, 300)]);
      await alarm.close();
      await alarm.close();
      const before = rung.length;
      alarm.set([aTime(2, 0)]);
      await new Promise((resolve) => setTimeout(resolve, 600));
      expect(rung.length).toBe(before);
    });
  });
};

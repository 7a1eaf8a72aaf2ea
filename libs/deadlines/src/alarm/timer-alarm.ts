import { systemTimers, type Timers } from '@linli/kernel';
import { AlarmFaults, jobIdOf, type Alarm, type AlarmTime, type Ring } from './alarm.js';

/** A timer for longer than 24.8 days would go off at once; and what lies further ahead the sweeper will see. */
const FURTHEST_MS = 3_600_000;
const MOST = 10_000;

/** Alarms of one process, in its memory: for a system that is one process, for specs and simulation. */
export const timerAlarm = (timers: Timers = systemTimers): Alarm => {
  const faults = new AlarmFaults();
  const set = new Map<string, () => void>();
  const ringing = new Set<Promise<void>>();
  let ring: Ring | null = null;
  let closed = false;

  const ringFor = async (time: AlarmTime): Promise<void> => {
    try {
      const again = await ring?.(time.deadlineId);
      if (again !== null && again !== undefined) setOne({ ...time, inMs: again });
    } catch (error) {
      faults.lose(1, error);
    }
  };

  const setOne = (time: AlarmTime): void => {
    const id = jobIdOf(time);
    if (closed || set.has(id) || time.inMs > FURTHEST_MS) return;
    if (set.size >= MOST) {
      faults.lose(1, 'too many alarms');
      return;
    }
    const callOff = timers.after(Math.max(0, Math.ceil(time.inMs)), () => {
      set.delete(id);
      const run = ringFor(time).finally(() => ringing.delete(run));
      ringing.add(run);
    });
    set.set(id, callOff);
  };

  return {
    set: (times) => times.forEach(setOne),
    start: (by) => {
      ring = by;
    },
    faults: () => ({ lost: faults.lost, last: faults.last }),
    async close() {
      closed = true;
      for (const callOff of set.values()) callOff();
      set.clear();
      await Promise.all(ringing);
    },
  };
};

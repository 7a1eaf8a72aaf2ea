import type { Log, LogRecord, Subscription } from '@linli/bus';
import type { Alarm, ShownInSql } from '@linli/deadlines';
import { shownBy, type Clock, type Pace } from '@linli/kernel';

type Paced = Pick<Clock, 'pace'>;

/** What an instant of PostgreSQL's clock, an SQL expression, is by the platform's. */
export const shownInSql =
  (clock: Paced): ShownInSql =>
  (instant) => {
    const { pace } = clock;
    return pace
      ? `(timestamptz '${pace.start.toISOString()}' + (${instant} - timestamptz '${pace.origin.toISOString()}') * ${pace.factor})`
      : instant;
  };

/** An alarm clock knows only how much time passes for the process: less, where time runs faster. */
export const pacedAlarm = (alarm: Alarm, { pace }: Paced): Alarm => (pace ? faster(alarm, pace) : alarm);

const faster = (alarm: Alarm, { factor }: Pace): Alarm => ({
  set: (times) => alarm.set(times.map((time) => ({ ...time, inMs: time.inMs / factor }))),
  start: (ring) =>
    alarm.start(async (id) => {
      const again = await ring(id);
      return again === null ? null : again / factor;
    }),
  faults: () => alarm.faults(),
  close: () => alarm.close(),
});

/** A log whose records say when they were appended by the platform's clock. */
export const pacedLog = (log: Log, clock: Paced): Log => {
  if (!clock.pace) return log;
  const shown = (record: LogRecord): LogRecord => ({
    ...record,
    appendedAt: shownBy(clock, record.appendedAt),
  });
  const hearing = (subscription: Subscription): Subscription => ({
    ...subscription,
    onAssigned: (assigned) => subscription.onAssigned(assigned),
    onRecords: (records, current) => subscription.onRecords(records.map(shown), current),
  });
  return {
    promises: log.promises,
    provision: (topics) => log.provision(topics),
    check: (topics) => log.check(topics),
    publish: (topic, records) => log.publish(topic, records),
    subscribe: (subscription) => log.subscribe(hearing(subscription)),
    watermarks: (topic) => log.watermarks(topic),
    async readAt(topic, partition, offset) {
      const record = await log.readAt(topic, partition, offset);
      return record && shown(record);
    },
    close: () => log.close(),
  };
};

import { bullmqAlarm, timerAlarm, type Alarm } from '@linli/deadlines';
import type { Config } from '../config.js';

/** The queue in which BullMQ holds the alarms of a service. */
export const alarmQueueOf = (service: string): string => `linli-${service}-deadlines`;

/** The alarm clock of a service, as the settings choose it. Deadlines fire without one, a second later. */
export const openAlarm = async (
  { alarm, redisUrl }: Pick<Config, 'alarm' | 'redisUrl'>,
  databaseUrl: string,
  service: string,
): Promise<Alarm> => {
  const queue = alarmQueueOf(service);
  if (alarm === 'postgresql') return bullmqAlarm({ queue, databaseUrl });
  return alarm === 'redis' && redisUrl !== null ? bullmqAlarm({ queue, redisUrl }) : timerAlarm();
};

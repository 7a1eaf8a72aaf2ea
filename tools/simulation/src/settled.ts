import type { Outcome } from '@linli/contracts';
import type { Place, Progress, Stream } from '@linli/bus';
import { CASES, COMMANDS } from './casework.js';
import type { SimDatabase } from './database.js';
import type { District } from './district.js';
import { setAside } from './logged.js';

interface ProgressRow extends Place {
  readonly progress: Progress;
}

const behind = ({ broker }: District, database: SimDatabase, group: string, topic: string): string[] => {
  const rows = database.tables.reader().rows<ProgressRow>('progress');
  return broker.marks(topic).flatMap(({ partition, high }) => {
    const row = rows.find((one) => one.group === group && one.partition === partition);
    const offset = row?.progress.offset ?? 0;
    return offset >= high ? [] : [`${group}/${partition} is at ${offset} of ${high}`];
  });
};

const untold = (database: SimDatabase, name: string): string[] => {
  const tx = database.tables.reader();
  const streams = tx.rows<Stream>('stream');
  return [
    ...streams
      .filter(({ lastSeq, publishedSeq }) => publishedSeq < lastSeq)
      .map(({ topic, partition }) => `${name} has not published all of ${topic}/${partition}`),
    ...[CASES, COMMANDS]
      .filter(({ name: topic }) => tx.rows(`fact_new ${topic}`).length > 0)
      .map(({ name: topic }) => `${name} has not stamped all of ${topic}`),
  ];
};

const parked = (database: SimDatabase, name: string): string[] => [
  ...database.tables
    .reader()
    .rows<{ key: string; reason: string }>('parked_key')
    .map(({ key, reason }) => `${name} has parked ${key}: ${reason}`),
  ...(database.tables.reader().rows('parked_message').length > 0 ? [`${name} has parked messages`] : []),
];

/** Commands that were accepted and have no outcome yet. */
const unanswered = (district: District): string[] => {
  const tx = district.casework.tables.reader();
  const aside = setAside(district);
  return [...district.history.accepted.keys()]
    .filter((id) => !tx.get<Outcome>('outcome', id) && !aside.has(id))
    .map((id) => `command ${id} has no outcome`);
};

/** What is still to be done, in words; nothing when all is quiet. */
export const unsettled = (district: District, mayBeParked: boolean): readonly string[] => {
  const { casework, register } = district;
  const waiting = [
    ...district.clients.filter(({ done }) => !done).map(() => 'a client still offers commands'),
    ...untold(casework, 'casework'),
    ...untold(register, 'register'),
    ...behind(district, casework, `linli.casework.${COMMANDS.name}`, COMMANDS.name),
    ...behind(district, register, `linli.register.${CASES.name}`, CASES.name),
    ...(mayBeParked ? [] : [...parked(casework, 'casework'), ...parked(register, 'register')]),
  ];
  return waiting.length > 0 ? waiting : unanswered(district);
};

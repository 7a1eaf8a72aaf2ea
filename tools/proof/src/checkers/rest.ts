import { eventually } from '@linli/testing';
import type { LogEnds } from './log-ends.js';
import { faultOf, type Faults, type Rows } from './rows.js';

interface Mark {
  readonly topic: string;
  readonly part: number;
  readonly next: number;
  readonly index: number;
}

const untold = `select (select count(*) from risk.fact_new)::int as unstamped,
  (select coalesce(sum(last_seq - published_seq), 0) from risk.stream)::int as unsent,
  (select coalesce(sum(last_seq), 0) from risk.stream)::float8 as told`;

interface Untold {
  readonly unstamped: number;
  readonly unsent: number;
  readonly told: number;
}

const marks = (rows: Rows): Promise<Mark[]> =>
  rows<Mark>('select topic, part, next_offset::float8 as next, next_index as index from risk.progress');

/** Partitions whose progress is not the end of the log; a partition that nothing came to has no row. */
const behind = async (rows: Rows, ends: LogEnds): Promise<unknown[]> => {
  const all = await ends();
  const at = new Map((await marks(rows)).map((mark) => [`${mark.topic}/${mark.part}`, mark]));
  return all.flatMap(({ topic, part, high }) => {
    const mark = at.get(`${topic}/${part}`);
    return (mark?.next ?? 0) === high && (mark?.index ?? 0) === 0
      ? []
      : [{ topic, part, high, next: mark?.next ?? 0, index: mark?.index ?? 0 }];
  });
};

/**
 * Waits until nothing is on its way any more: all told facts sent, all records of the log worked on, and no fact told
 * meanwhile. That every offset row then is one past the last record of the log is part of the proof.
 */
export const untilAtRest = async (rows: Rows, ends: LogEnds, withinMs = 90_000): Promise<void> => {
  await eventually(
    async () => {
      const [before] = await rows<Untold>(untold);
      const late = await behind(rows, ends);
      const [after] = await rows<Untold>(untold);
      const quiet = before?.unstamped === 0 && before.unsent === 0 && before.told === after?.told;
      if (!quiet || late.length > 0)
        throw new Error(JSON.stringify({ before, after, late: late.slice(0, 5) }));
      return after.unstamped === 0;
    },
    { withinMs, everyMs: 200, what: 'the rest of all work' },
  );
};

/** Messages set aside and keys parked until now: other suites on the same servers may have left some. */
export const asideIn = async (rows: Rows): Promise<number> => {
  const [found] = await rows<{ n: number }>(
    `select ((select count(*) from risk.dead_letter) + (select count(*) from risk.parked_message)
       + (select count(*) from risk.parked_key))::int as n`,
  );
  return found?.n ?? 0;
};

export const asideFaults = async (rows: Rows, before: number): Promise<Faults> => {
  const added = (await asideIn(rows)) - before;
  return added === 0 ? [] : faultOf('a message was set aside, and no message is at fault', [{ added }]);
};

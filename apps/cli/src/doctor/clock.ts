import type { Client } from 'pg';
import { right, wrong, type Finding } from './finding.js';

/** Reliability E-11: from here on deadlines and validity are judged wrongly. */
const MOST_MS = 500;

/** What a clock elsewhere says, against ours in the middle of the question. */
export const examineClock = async (
  client: Pick<Client, 'query'>,
  now: () => number = () => performance.timeOrigin + performance.now(),
): Promise<Finding> => {
  const asked = now();
  const { rows } = await client.query<{ ms: string }>(
    'select extract(epoch from clock_timestamp()) * 1000 as ms',
  );
  const answered = now();
  const skew = Number(rows[0]?.ms) - (asked + answered) / 2;
  const uncertain = (answered - asked) / 2;
  const text = `the database's clock is ${Math.round(Math.abs(skew))} ms ${skew < 0 ? 'behind' : 'ahead of'} ours (± ${Math.ceil(uncertain)} ms)`;
  return Math.abs(skew) - uncertain >= MOST_MS
    ? wrong('clock', text, 'let both hosts follow the same time servers (chronyc tracking, timedatectl)')
    : right('clock', text);
};

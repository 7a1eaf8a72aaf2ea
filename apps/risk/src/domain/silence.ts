import { DAY, type Flaw } from '@linli/kernel';

/** Instants in milliseconds. */
export interface SilenceWish {
  readonly from: number;
  readonly until: number;
  readonly remindAt: number | null;
}

export interface Ending {
  readonly until: number;
  readonly remindAt: number;
  readonly endedAt: number | null;
}

const LONGEST_DAYS = 30;

/** A day before the end; of a short one, half-way. */
export const reminderOf = ({ from, until, remindAt }: SilenceWish): number =>
  remindAt ?? Math.max(until - DAY, (from + until) / 2);

const flaw = (pointer: string, detail: string): Flaw => ({ pointer, code: 'RSK_SILENCE_INVALID', detail });

/** What is wrong with the times of a silence. */
export const silenceFlaws = ({ from, until, remindAt }: SilenceWish): Flaw[] => [
  ...(until <= from ? [flaw('/until', 'must lie in the future')] : []),
  ...(until > from + LONGEST_DAYS * DAY ? [flaw('/until', `must lie within ${LONGEST_DAYS} days`)] : []),
  ...(remindAt !== null && (remindAt <= from || remindAt > until)
    ? [flaw('/remindAt', 'must lie before the end')]
    : []),
];

export const stateOf = ({ until, endedAt }: Ending, now: number): 'holds' | 'over' | 'ended' => {
  if (endedAt !== null) return 'ended';
  return now < until ? 'holds' : 'over';
};

export const isReminderDue = (silence: Ending, now: number): boolean =>
  stateOf(silence, now) === 'holds' && now >= silence.remindAt;

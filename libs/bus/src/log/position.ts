import type { Logger } from 'pino';
import type { Assignment, LogRecord, Next, Subscription } from './log.js';

export type LogLogger = Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>;

const REST_AFTER_BREACH_MS = 1_000;

/** Where a subscriber stands in one partition, for the life of one assignment. */
export class Position {
  halted: string | null = null;
  /** True from an `afterMs` until its time has come. */
  resting = false;
  /** True while its last answer was that it could not go on. */
  troubled = false;

  constructor(
    readonly partition: number,
    public next: number,
  ) {}
}

/** The positions that an answer of `onAssigned` asks for; what the log cannot serve is halted, never guessed. */
export const positionsFrom = (
  assigned: readonly Assignment[],
  starts: ReadonlyMap<number, number>,
): Map<number, Position> =>
  new Map(
    assigned.map(({ partition, low, high }) => {
      const start = starts.get(partition);
      const position = new Position(partition, start ?? low);
      if (start === undefined) position.halted = 'no start was answered for it';
      else if (start < low || start > high)
        position.halted = `start ${start} is outside of the log (${low}..${high})`;
      return [partition, position];
    }),
  );

/** Hands a batch to the consumer. By contract it never throws and always answers; else the batch comes again. */
export const handOver = async (
  subscription: Subscription,
  records: readonly LogRecord[],
  current: () => boolean,
  logger?: LogLogger,
): Promise<Next> => {
  try {
    return answered(await subscription.onRecords(records, current));
  } catch (fault) {
    const [first] = records;
    const from = first?.offset ?? 0;
    logger?.error(
      { err: fault, group: subscription.group, topic: subscription.topic.name, offset: from },
      'a consumer broke its contract; the batch comes again',
    );
    return { from, afterMs: REST_AFTER_BREACH_MS };
  }
};

const answered = (next: Next | undefined): Next => {
  if (next && ('halt' in next || Number.isSafeInteger(next.from))) return next;
  throw new TypeError(`not an answer: ${JSON.stringify(next)}`);
};

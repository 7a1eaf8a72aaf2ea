import { MARK, riskEvents, type EventsOptions } from './risk-events.js';

const DIGITS = MARK.length;

/** A request body made beforehand; writing a number into it makes every id in it new. */
export interface Body {
  readonly bytes: Buffer;
  readonly events: number;
  number(sequence: number): void;
}

const marksIn = (bytes: Buffer): number[] => {
  const found: number[] = [];
  for (let at = bytes.indexOf(MARK); at >= 0; at = bytes.indexOf(MARK, at + DIGITS)) found.push(at);
  return found;
};

export const bodyOf = (text: string, events: number): Body => {
  const bytes = Buffer.from(text);
  const marks = marksIn(bytes);
  const digits = Buffer.alloc(DIGITS);
  return {
    bytes,
    events,
    number: (sequence) => {
      digits.write(String(sequence).padStart(DIGITS, '0'));
      for (const at of marks) digits.copy(bytes, at);
    },
  };
};

/** `count` different bodies of `batch` events each, JSON arrays. */
export const bodies = (count: number, batch: number, options: EventsOptions): Body[] =>
  Array.from({ length: count }, () => bodyOf(JSON.stringify(riskEvents(batch, options)), batch));

/** The single events of a pool, each as a value for a log. */
export const values = (count: number, options: EventsOptions): Body[] =>
  riskEvents(count, options).map((event) => bodyOf(JSON.stringify(event), 1));

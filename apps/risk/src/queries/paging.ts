import { refuse, Refused } from '@linli/kernel';
import { z } from 'zod';

/** Whole number of a query, written plainly. */
export const whole = (least: number, most: number) =>
  z
    .string()
    .regex(/^[0-9]{1,9}$/u, 'must be a whole number')
    .transform(Number)
    .pipe(z.int().min(least).max(most));

export const yesOrNo = z.enum(['true', 'false']).transform((text) => text === 'true');

export const instant = z.iso.datetime({ offset: true });
export const limit = whole(1, 200).optional();
export const cursor = z.string().min(1).max(512).optional();

export const DEFAULT_LIMIT = 50;

/** Opaque to clients: base64url of the JSON of the last item's sort keys. */
export const cursorOf = (keys: readonly (string | number)[]): string =>
  Buffer.from(JSON.stringify(keys)).toString('base64url');

/** The sort keys of a cursor; refuses (400) one that this service did not make. */
export const readCursor = <S extends z.ZodType>(text: string | undefined, keys: S): z.output<S> | null => {
  if (text === undefined) return null;
  try {
    return keys.parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')));
  } catch {
    throw new Refused(
      refuse('QUERY_INVALID', 'malformed', 'The cursor is not one of ours.', [
        { pointer: '/cursor', code: 'INVALID', detail: 'is not one of ours' },
      ]),
    );
  }
};

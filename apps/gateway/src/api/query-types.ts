import { z } from 'zod';

/** Whole number of a query, written plainly. */
export const whole = (least: number, most: number) =>
  z
    .string()
    .regex(/^[0-9]{1,9}$/u, 'must be a whole number')
    .transform(Number)
    .pipe(z.int().min(least).max(most));

export const yesOrNo = z.enum(['true', 'false']);

const EARLIEST = Date.parse('0001-01-02T00:00:00Z');

/**
 * RFC 3339 instant, read as UTC milliseconds: what every store takes. A `+` that arrived as a space (not
 * percent-encoded) is taken for what it was.
 */
export const instant = z
  .string()
  .transform((text) => text.replace(/ (?=[0-9]{2}:[0-9]{2}$)/u, '+'))
  .pipe(z.iso.datetime({ offset: true }))
  .refine((text) => !(Date.parse(text) < EARLIEST), 'must not lie before the year 1')
  .transform((text) => new Date(text).toISOString())
  .pipe(z.iso.datetime());

export const cursor = z.string().min(1).max(512).describe('`next` of the page before.');
export const limit = whole(1, 200).describe('Items a page, 1 to 200. Default 50.');

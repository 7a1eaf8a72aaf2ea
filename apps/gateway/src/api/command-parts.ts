import type { z } from 'zod';
import type { Answer, Operation } from './operation.js';

/** Request headers of every command. */
export const commandHeaders: NonNullable<Operation['headers']> = {
  'Idempotency-Key': {
    means:
      'Names the wish, 1 to 255 visible characters: the same key and body do it once and answer the same. Generated ' +
      'and returned when absent.',
  },
  Prefer: {
    means:
      '`respond-async` (202 at once), `wait=N` (seconds, at most 10; default 5), `return=minimal` (204).',
  },
};

const answered: Readonly<Record<string, string>> = {
  'Idempotency-Key': 'The key used.',
  'Idempotent-Replayed': '`true` when this is the stored answer to an earlier request.',
  'Preference-Applied': 'The preferences that were honoured.',
};

/** The answers of every command: done, done without a body, or on its way. */
export const commandAnswers = (
  means: string,
  resource: z.ZodType,
  operation: z.ZodType,
): Readonly<Record<number, Answer>> => ({
  200: { means, body: resource, headers: { ...answered, ETag: 'Version of the resource.' } },
  202: {
    means: 'Accepted; it will be done. Ask the operation.',
    body: operation,
    headers: { ...answered, Location: 'URL of the operation.', 'Retry-After': 'Seconds.' },
  },
  204: { means: `${means} No body was wanted.`, headers: { ...answered, ETag: 'Version of the resource.' } },
});

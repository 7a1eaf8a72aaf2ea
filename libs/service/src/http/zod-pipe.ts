import type { Flaw, RefusalKind } from '@linli/kernel';
import { refuse, Refused } from '@linli/kernel';
import type { PipeTransform } from '@nestjs/common';
import type { z } from 'zod';
import { flawSentence } from './flaw-sentence.js';
import { pointerOf, unstorableIn } from './json.js';

const MOST_FLAWS = 50;

const flawsOfIssue = (issue: z.core.$ZodIssue): Flaw[] => {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      pointer: pointerOf([...issue.path, key]),
      code: 'UNKNOWN',
      detail: 'is not a field here',
    }));
  }
  const missing = issue.code === 'invalid_type' && issue.message.endsWith('received undefined');
  return [
    {
      pointer: pointerOf(issue.path),
      code: missing ? 'MISSING' : 'INVALID',
      detail: missing ? 'is required' : flawSentence(issue),
    },
  ];
};

/** The issues of Zod as flaws with pointers. */
export const flawsOf = (issues: readonly z.core.$ZodIssue[]): Flaw[] =>
  issues.flatMap(flawsOfIssue).slice(0, MOST_FLAWS);

const checked = <S extends z.ZodType>(
  schema: S,
  value: unknown,
  [code, kind, detail]: [string, RefusalKind, string],
): z.output<S> => {
  const unstorable = unstorableIn(value);
  if (unstorable) {
    throw new Refused(refuse(code, kind, detail, [unstorable]));
  }
  const result = schema.safeParse(value);
  if (!result.success) {
    throw new Refused(refuse(code, kind, detail, flawsOf(result.error.issues)));
  }
  return result.data;
};

/** Checks a body (422 `BODY_INVALID`); a request without a body counts as `{}`. */
export const zodPipe = <S extends z.ZodType>(schema: S): PipeTransform<unknown, z.output<S>> => ({
  transform: (value) =>
    checked(schema, value ?? {}, ['BODY_INVALID', 'invalid', 'The body does not fit what this route takes.']),
});

/** Checks query parameters (400 `QUERY_INVALID`); unknown ones are refused by a strict schema. */
export const queryPipe = <S extends z.ZodObject>(schema: S): PipeTransform<unknown, z.output<S>> => {
  const strict = schema.strict();
  return {
    transform: (value) =>
      checked(strict, { ...(value as object) }, [
        'QUERY_INVALID',
        'malformed',
        'The query parameters do not fit what this route takes.',
      ]) as z.output<S>,
  };
};

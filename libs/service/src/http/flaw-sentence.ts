import { z } from 'zod';

type Issue = z.core.$ZodIssue;
type Size = z.core.$ZodIssueTooBig | z.core.$ZodIssueTooSmall;

const WRONG = 'has not the right form';

const types: Readonly<Record<string, string>> = {
  string: 'a string',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'an object',
  record: 'an object',
  array: 'an array',
  tuple: 'an array',
};

const formats: Readonly<Record<string, string>> = {
  datetime: 'must be a date and time with offset, like 2026-11-23T09:00:00+08:00',
  uuid: 'must be a UUID',
};

const units: Readonly<Record<string, string>> = { string: 'character', array: 'item', set: 'item' };

const typeSentence = (expected: string): string => (types[expected] ? `must be ${types[expected]}` : WRONG);

const boundWords = (issue: Size): string => {
  if (issue.exact) {
    return 'exactly';
  }
  if (issue.inclusive === false) {
    return issue.code === 'too_big' ? 'less than' : 'more than';
  }
  return issue.code === 'too_big' ? 'at most' : 'at least';
};

const sizeSentence = (issue: Size): string => {
  const bound = issue.code === 'too_big' ? issue.maximum : issue.minimum;
  const unit = units[issue.origin];
  if (unit === undefined) {
    return `must be ${boundWords(issue)} ${bound}`;
  }
  return issue.code === 'too_small' && Number(bound) === 1 && !issue.exact
    ? 'must not be empty'
    : `must have ${boundWords(issue)} ${bound} ${unit}${Number(bound) === 1 ? '' : 's'}`;
};

const choiceSentence = (values: readonly unknown[]): string =>
  `must be ${values.length === 1 ? '' : 'one of '}${values.map(String).join(', ')}`;

const sentence = (issue: Issue): string => {
  switch (issue.code) {
    case 'invalid_type':
      return typeSentence(issue.expected);
    case 'too_big':
    case 'too_small':
      return sizeSentence(issue);
    case 'invalid_format':
      return formats[issue.format] ?? WRONG;
    case 'invalid_value':
      return choiceSentence(issue.values);
    case 'not_multiple_of':
      return `must be a multiple of ${issue.divisor}`;
    case 'custom':
    case 'invalid_element':
    case 'invalid_key':
    case 'invalid_union':
    case 'unrecognized_keys':
    default:
      return WRONG;
  }
};

const { localeError } = z.locales.en();

/** What the validator says by itself ends with what it received, which an issue does not hold any more. */
const withoutReceived = (message: string): string => message.split(', received ', 1)[0] ?? '';

const isItsOwn = (issue: Issue): boolean => {
  const said = localeError({ ...issue, input: undefined });
  const text = typeof said === 'string' ? said : (said?.message ?? '');
  return withoutReceived(issue.message) === withoutReceived(text);
};

/** What an issue says to people: the words of the schema where it has its own, else ours, never the validator's. */
export const flawSentence = (issue: Issue): string => (isItsOwn(issue) ? sentence(issue) : issue.message);

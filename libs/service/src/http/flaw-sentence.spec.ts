import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { flawsOf } from './zod-pipe.js';

const detailsOf = (schema: z.ZodType, value: unknown): string[] =>
  flawsOf(schema.safeParse(value).error?.issues ?? []).map(({ detail }) => detail);

describe('a flaw', () => {
  it.each<[string, z.ZodType, unknown, string]>([
    ['a missing field', z.string(), undefined, 'is required'],
    ['a number for a text', z.string(), 1, 'must be a string'],
    ['a text for a number', z.number(), '1', 'must be a number'],
    ['a fraction for a whole number', z.int(), 1.5, 'must be a whole number'],
    ['a text for a boolean', z.boolean(), 'yes', 'must be true or false'],
    ['a list for an object', z.object({}), [], 'must be an object'],
    ['null for a map', z.record(z.string(), z.string()), null, 'must be an object'],
    ['an object for a list', z.array(z.string()), {}, 'must be an array'],
    ['a text for a pair', z.tuple([z.number(), z.number()]), 'x', 'must be an array'],
    ['a high number', z.number().max(1.5), 9, 'must be at most 1.5'],
    ['a low number', z.number().min(0.5), 0, 'must be at least 0.5'],
    ['a number at its upper end', z.number().lt(2), 2, 'must be less than 2'],
    ['a number at its lower end', z.number().positive(), 0, 'must be more than 0'],
    ['an odd number', z.number().multipleOf(2), 3, 'must be a multiple of 2'],
    ['an empty text', z.string().min(1), '', 'must not be empty'],
    ['a short text', z.string().min(2), 'a', 'must have at least 2 characters'],
    ['a long text', z.string().max(3), 'abcd', 'must have at most 3 characters'],
    ['a text longer than one', z.string().max(1), 'ab', 'must have at most 1 character'],
    ['a text of another length', z.string().length(4), 'abc', 'must have exactly 4 characters'],
    ['an empty list', z.array(z.int()).min(1), [], 'must not be empty'],
    ['a short list', z.array(z.int()).min(2), [1], 'must have at least 2 items'],
    ['a long list', z.array(z.int()).max(1), [1, 2], 'must have at most 1 item'],
    ['half a pair', z.tuple([z.int(), z.int()]), [1], 'must have at least 2 items'],
    ['more than a pair', z.tuple([z.int(), z.int()]), [1, 2, 3], 'must have at most 2 items'],
    ['another word', z.enum(['a', 'b', 'c']), 'd', 'must be one of a, b, c'],
    ['another constant', z.literal('1.0'), '2', 'must be 1.0'],
    ['no UUID', z.uuid(), 'x', 'must be a UUID'],
    [
      'a time without offset',
      z.iso.datetime({ offset: true }),
      '2026-11-23T09:00:00',
      'must be a date and time with offset, like 2026-11-23T09:00:00+08:00',
    ],
    ['a text of another form', z.string().regex(/^[0-9]{2,17}$/u), 'x', 'has not the right form'],
    ['another URL', z.url(), 'x', 'has not the right form'],
    ['none of several', z.union([z.string(), z.number()]), true, 'has not the right form'],
    ['a failed check', z.string().refine(() => false), 'x', 'has not the right form'],
  ])('says of %s what it must be', (_, schema, value, detail) => {
    expect(detailsOf(schema, value)).toEqual([detail]);
  });

  it.each<[string, z.ZodType, unknown]>([
    ['a pattern', z.string().regex(/^a$/u, 'must be an a'), 'b'],
    ['a bound', z.string().max(1, 'must be an a'), 'bc'],
    ['a type', z.string('must be an a'), 1],
    ['a check', z.string().refine(() => false, 'must be an a'), 'b'],
    ['a choice', z.enum(['a'], 'must be an a'), 'b'],
  ])('says what the schema itself says of %s', (_, schema, value) => {
    expect(detailsOf(schema, value)).toEqual(['must be an a']);
  });

  it('names every unknown field', () => {
    expect(flawsOf(z.strictObject({}).safeParse({ a: 1, 'b/c': 2 }).error?.issues ?? [])).toEqual([
      { pointer: '/a', code: 'UNKNOWN', detail: 'is not a field here' },
      { pointer: '/b~1c', code: 'UNKNOWN', detail: 'is not a field here' },
    ]);
  });
});

import { describe, expect, it } from '@jest/globals';
import { readOptions } from './options.js';

describe('the options', () => {
  it('are all rows and five rounds when nothing is said', () => {
    expect(readOptions([])).toMatchObject({
      rounds: 5,
      warmUpMs: 3000,
      measureMs: 6000,
      json: null,
      stored: 1_000_000,
      armed: 1_000_000,
    });
    expect([...readOptions([]).only]).toEqual([
      ...['a', 'b', 'c', 'd', 'e', 'f', 'g'],
      ...['embedded', 'visible', 'million', 'd1', 'd2', 'd3', 'd4'],
    ]);
  });

  it('pick rows and shorten rounds', () => {
    const options = readOptions(['--quick', '--only', 'c,a', '--seconds', '0.5']);
    expect([...options.only]).toEqual(['c', 'a']);
    expect(options).toMatchObject({ rounds: 2, warmUpMs: 1000, measureMs: 500 });
  });
});

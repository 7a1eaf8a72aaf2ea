import { describe, expect, it } from '@jest/globals';
import { interleaved, type Row, type RoundLength } from './rounds.js';

describe('the rounds', () => {
  const ran: string[] = [];
  const lengths: RoundLength[] = [];
  const row = (id: string): Row => ({
    id,
    title: id,
    unit: 'events/s',
    round: (length) => {
      ran.push(id);
      lengths.push(length);
      return Promise.resolve({ value: ran.length });
    },
  });

  it('take turns, and what the first of them brings is thrown away', async () => {
    const measured = await interleaved([row('a'), row('c')], { rounds: 2, warmUpMs: 10, measureMs: 6000 });
    expect(ran).toEqual(['a', 'c', 'a', 'c', 'a', 'c']);
    expect(measured.map(({ id, samples }) => [id, samples.map(({ value }) => value)])).toEqual([
      ['a', [3, 5]],
      ['c', [4, 6]],
    ]);
    expect(lengths.map(({ measureMs }) => measureMs)).toEqual([1000, 1000, 6000, 6000, 6000, 6000]);
  });
});

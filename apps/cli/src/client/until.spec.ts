import { describe, expect, it } from '@jest/globals';
import { until } from './until.js';

describe('until', () => {
  it('looks until it sees something', async () => {
    let looks = 0;
    const look = () => Promise.resolve((looks += 1) === 3 ? 'seen' : undefined);
    expect(await until(look, () => 'x')).toBe('seen');
    expect(looks).toBe(3);
  });

  it('says in the end what did not happen', async () => {
    await expect(
      until(
        () => Promise.resolve(undefined),
        () => 'rain',
        1,
      ),
    ).rejects.toThrow('waited 0 s in vain: rain');
  });
});

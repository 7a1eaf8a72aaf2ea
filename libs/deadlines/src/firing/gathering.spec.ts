import { describe, expect, it } from '@jest/globals';
import { Gathering } from './gathering.js';

describe('what gathers', () => {
  const opened = (most: number) => {
    const lots: (readonly number[])[] = [];
    const ends: ((how: string) => void)[] = [];
    const gathering = new Gathering((items: readonly number[]) => {
      lots.push(items);
      return new Promise<string>((resolve, reject) =>
        ends.push((how) => (how === 'fails' ? reject(new Error(how)) : resolve(how))),
      );
    }, most);
    const end = async (how = 'done'): Promise<void> => {
      ends.shift()?.(how);
      await new Promise(setImmediate);
    };
    return { gathering, lots, end };
  };

  it('goes at once alone, and together with all that came meanwhile', async () => {
    const { gathering, lots, end } = opened(3);
    const answers = Promise.all([1, 2, 3, 4, 5].map((item) => gathering.with(item)));
    expect(lots).toEqual([[1]]);
    await end('one');
    expect(lots).toEqual([[1], [2, 3, 4]]);
    await end('three');
    await end('last');
    expect(lots).toEqual([[1], [2, 3, 4], [5]]);
    expect(await answers).toEqual(['one', 'three', 'three', 'three', 'last']);
  });

  it('goes on after a failure, of which all of its lot hear', async () => {
    const { gathering, lots, end } = opened(10);
    const answers = [1, 2, 3].map((item) => gathering.with(item).catch((error: Error) => error.message));
    await end();
    await end('fails');
    expect(await Promise.all(answers)).toEqual(['done', 'fails', 'fails']);
    const later = gathering.with(4);
    await end('again');
    expect(await later).toBe('again');
    expect(lots).toEqual([[1], [2, 3], [4]]);
  });
});

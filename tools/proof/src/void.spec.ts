import { describe, expect, it } from '@jest/globals';
import { allHappened, happened, mustCome, untilHappened } from './void.js';

describe('a fault that did not take place', () => {
  it('makes the run void', async () => {
    expect(() => happened('kills', 7, 8)).toThrow('void: kills: 7 of at least 8');
    expect(() => happened('kills', 8, 8)).not.toThrow();
    expect(() => allHappened({ kills: 1, freezes: 0 }, ['kills', 'freezes', 'resets'])).toThrow(
      'void: freezes, resets: none in {"kills":1,"freezes":0}',
    );
    expect(() => allHappened({ kills: 1, freezes: 0 }, ['kills'])).not.toThrow();
    await expect(mustCome(10, new Promise(() => undefined), 'a death')).rejects.toThrow(
      'void: a death: no answer within 10 ms',
    );
    await expect(untilHappened('a freeze', () => false, 50)).rejects.toThrow('void: ');
  });
});

import { describe, expect, it } from '@jest/globals';
import { eventually } from './eventually.js';

describe('eventually', () => {
  it('gives the first truthy answer', async () => {
    const answers = [undefined, 0, '', 'here'];
    expect(await eventually(() => answers.shift(), { everyMs: 1 })).toBe('here');
  });

  it('outlasts failures', async () => {
    let asked = 0;
    const check = async (): Promise<number> => {
      asked += 1;
      if (asked < 3) throw new Error('not yet');
      return asked;
    };
    expect(await eventually(check, { everyMs: 1 })).toBe(3);
  });

  it('says what did not come, and the last answer', async () => {
    const waiting = eventually(() => 0, { withinMs: 20, everyMs: 5, what: 'the warning' });
    await expect(waiting).rejects.toThrow('the warning did not come within 20 ms; the last answer was 0');
  });

  it('fails with the last failure as its cause', async () => {
    const broken = (): never => {
      throw new Error('still broken');
    };
    await expect(eventually(broken, { withinMs: 5, everyMs: 1 })).rejects.toMatchObject({
      message: 'what was waited for did not come within 5 ms',
      cause: { message: 'still broken' },
    });
  });
});

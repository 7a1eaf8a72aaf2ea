import { describe, expect, it } from '@jest/globals';
import { within } from './within.js';

const never = new Promise<never>(() => undefined);

describe('work with a bound', () => {
  it('ends as the work does, when it is in time', async () => {
    expect(await within(1000, Promise.resolve('done'))).toBe('done');
    await expect(within(1000, Promise.reject(new Error('refused')), 'the log')).rejects.toThrow(/^refused$/u);
  });

  it('is rejected when it is late, by its name where it has one', async () => {
    await expect(within(5, never)).rejects.toThrow(/^no answer within 5 ms$/u);
    await expect(within(5, never, 'the log')).rejects.toThrow(/^the log: no answer within 5 ms$/u);
  });
});

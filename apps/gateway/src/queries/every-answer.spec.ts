import { describe, expect, it } from '@jest/globals';
import { refuse, Refused } from '@linli/kernel';
import { everyAnswer } from './every-answer.js';

const away = new Refused(refuse('GTW_OWNER_UNAVAILABLE', 'unavailable', 'away'));
const wrong = new Refused(refuse('QUERY_INVALID', 'malformed', 'wrong'));
const asking =
  (answers: Readonly<Record<string, string | Error>>) =>
  async (service: string): Promise<string> => {
    const answer = answers[service];
    if (typeof answer === 'string') return answer;
    throw answer ?? new Error(service);
  };

describe('asking every service', () => {
  it('names those that are away beside what the others answered', async () => {
    expect(await everyAnswer(['a', 'b', 'c'], asking({ a: 'A', b: away, c: 'C' }))).toEqual({
      answers: ['A', 'C'],
      unreachable: ['b'],
    });
  });

  it('fails when all are away, when one refuses, and when one is broken', async () => {
    await expect(everyAnswer(['a', 'b'], asking({ a: away, b: away }))).rejects.toBe(away);
    await expect(everyAnswer(['a', 'b'], asking({ a: 'A', b: wrong }))).rejects.toBe(wrong);
    const broken = new Error('broken');
    await expect(everyAnswer(['a', 'b', 'c'], asking({ a: away, b: broken, c: 'C' }))).rejects.toBe(broken);
  });
});

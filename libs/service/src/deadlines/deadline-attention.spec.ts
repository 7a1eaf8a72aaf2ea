import { describe, expect, it } from '@jest/globals';
import { deadlineAttention, nothingCounted } from './deadline-attention.js';

const attention = (over: Partial<typeof nothingCounted>) => deadlineAttention({ ...nothingCounted, ...over });

describe('what an operator hears of deadlines', () => {
  it('is nothing while all of them fire and none is provisional', () => {
    expect(attention({ armed: 4_000, alarmsLost: 3 })).toEqual([]);
  });

  it('is what is late, what nobody answered and what is provisional', () => {
    expect(attention({ overdue: 1, overdueMs: 61_400, undecided: 2, provisional: 12 })).toEqual([
      '1 deadline not fired in time, the oldest 61 s late: the log of the service says why',
      '2 deadlines due for more than a minute without an answer: linli keys list',
      '12 deadlines provisional: they reach into a year without a calendar: linli calendar import',
    ]);
  });
});

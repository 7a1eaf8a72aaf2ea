import { describe, expect, it } from '@jest/globals';
import { selfTimes } from './hottest.js';

const node = (id: number, functionName: string, url = '') => ({
  id,
  callFrame: { functionName, url, lineNumber: 9 },
});

describe('the hottest functions of a profile', () => {
  it('are those with the most time of their own; waiting does not count', () => {
    const nodes = [
      node(1, '(idle)'),
      node(2, 'score', 'file:///x/apps/risk/dist/score.js'),
      node(3, 'score', 'file:///x/apps/risk/dist/score.js'),
      node(4, '', 'file:///x/libs/bus/dist/log.js'),
    ];
    const profile = { nodes, samples: [1, 2, 3, 4, 2], timeDeltas: [9000, 1000, 2000, 500, 4000] };
    expect(selfTimes(profile)).toEqual([
      { what: 'score apps/risk/dist/score.js:10', ms: 7 },
      { what: '(anonymous) libs/bus/dist/log.js:10', ms: 0.5 },
    ]);
  });
});

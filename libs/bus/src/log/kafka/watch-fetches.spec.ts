import { EventEmitter } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import kafkajs, { type Consumer } from 'kafkajs';
import { watchFetches } from './watch-fetches.js';

const { events } = new kafkajs.Kafka({ brokers: ['127.0.0.1:1'] }).consumer({ groupId: 'g' });

const watched = () => {
  const emitter = new EventEmitter();
  let failed = 0;
  watchFetches({ events, on: emitter.on.bind(emitter) } as unknown as Consumer, () => (failed += 1));
  const play = (...names: [name: 'FETCH_START' | 'FETCH' | 'GROUP_JOIN', nodeId?: number][]): number => {
    for (const [name, nodeId = 1] of names) emitter.emit(events[name], { payload: { nodeId } });
    return failed;
  };
  return play;
};

describe('the watch over fetches', () => {
  it('says nothing while each fetch ends before the next of its node begins', () => {
    const play = watched();
    expect(play(['FETCH_START'], ['FETCH_START', 2], ['FETCH'], ['FETCH_START'], ['FETCH', 2])).toBe(0);
  });

  it('tells of a fetch that never ended, when the next begins', () => {
    const play = watched();
    expect(play(['FETCH_START'])).toBe(0);
    expect(play(['FETCH_START'])).toBe(1);
    expect(play(['FETCH'], ['FETCH_START'])).toBe(1);
  });

  it('forgets what was under way when the group was joined anew: the starts are asked for then', () => {
    expect(watched()(['FETCH_START'], ['GROUP_JOIN'], ['FETCH_START'])).toBe(0);
  });
});

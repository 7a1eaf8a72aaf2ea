import { describe, expect, it } from '@jest/globals';
import { batches, refusals, type Batch } from './batches.js';

const cut = async (...lines: string[]): Promise<Batch[]> => {
  const source = async function* () {
    yield* lines;
  };
  const cuts: Batch[] = [];
  for await (const batch of batches(source())) cuts.push(batch);
  return cuts;
};
const event = (id: number): string => JSON.stringify({ id: String(id) });

describe('batches of lines', () => {
  it('hold at most 500 events', async () => {
    const lines = Array.from({ length: 1201 }, (_, index) => event(index));
    expect((await cut(...lines)).map(({ events }) => events.length)).toEqual([500, 500, 201]);
  });

  it('stay below the size of a request', async () => {
    const large = JSON.stringify({ text: 'x'.repeat(400_000) });
    expect((await cut(large, large, large)).map(({ events }) => events.length)).toEqual([2, 1]);
  });

  it('skip blank lines, and set lines aside that are not JSON', async () => {
    const [batch] = await cut(event(1), '', '  ', '{"id":', event(2));
    expect(batch?.lines).toEqual([1, 5]);
    expect(batch?.unreadable).toEqual([
      { line: 4, id: null, code: 'LINE_NOT_JSON', detail: 'The line is not JSON.' },
    ]);
  });

  it('are none for an empty file', async () => {
    expect(await cut('')).toEqual([]);
  });

  it('name the line of a refused item', async () => {
    const [batch] = await cut('', event(1), event(2));
    const items = [
      { index: 0, id: '1', status: 'accepted' as const },
      { index: 1, id: '2', status: 'rejected' as const, code: 'RSK_X', detail: 'why', pointer: '/severity' },
    ];
    expect(batch && refusals(batch, items)).toEqual([
      { line: 3, id: '2', code: 'RSK_X', detail: 'why', pointer: '/severity' },
    ]);
  });
});

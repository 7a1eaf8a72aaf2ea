import { describe, expect, it } from '@jest/globals';
import { statementLines } from './statements.js';

describe('the statements of a chunk', () => {
  it('are counted against the moves of progress, the slowest first', () => {
    const lines = statementLines([
      { query: 'update progress set next_offset = $7', calls: 10, totalMs: 5, rows: 10 },
      { query: 'INSERT INTO\n   risk_event', calls: 20, totalMs: 80, rows: 5000 },
    ]);
    expect(lines).toEqual([
      '',
      '10 chunks, 3.0 statements a chunk',
      '      80 ms     4.00 each   2.00 a chunk    250.0 rows  INSERT INTO risk_event',
      '       5 ms     0.50 each   1.00 a chunk      1.0 rows  update progress set next_offset = $7',
    ]);
  });
});

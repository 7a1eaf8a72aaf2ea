import { describe, expect, it } from '@jest/globals';
import type { Measured } from '../rounds.js';
import { rowLines, verdictLines } from './print.js';
import { judge, targets } from './targets.js';

const row = (id: string, ...values: number[]): Measured => ({
  id,
  title: `what ${id} is`,
  unit: 'events/s',
  samples: values.map((value) => ({ value, more: { p50Ms: value / 10 }, cpuUs: { gateway: value / 100 } })),
});

describe('the targets', () => {
  it('compare medians, not means', () => {
    const verdicts = judge([row('a', 10, 160, 9000), row('c', 100, 1, 5000)]);
    expect(verdicts).toMatchObject([{ row: 'a', by: 'c', value: 1.6, met: true }]);
  });

  it('are missed by a hair, and met when reached exactly', () => {
    expect(judge([row('a', 149), row('c', 100)])).toMatchObject([{ value: 1.49, met: false }]);
    expect(judge([row('a', 150), row('c', 100)])).toMatchObject([{ value: 1.5, met: true }]);
    expect(judge([row('ready', 10.1)])).toMatchObject([{ row: 'ready', met: false }]);
  });

  it('are not judged when one of the two rows was not measured', () => {
    expect(judge([row('a', 1)])).toEqual([]);
  });

  it('may be about another figure of the samples', () => {
    const target = { row: 'x', by: 'y', figure: 'p50Ms', atMost: 3, says: 'p50' };
    expect(judge([row('x', 250), row('y', 100)], [target])).toMatchObject([{ value: 2.5, met: true }]);
  });

  it('are not met by a figure that is missing', () => {
    const target = { row: 'x', figure: 'p99Ms', atMost: 3, says: 'p99' };
    expect(judge([row('x', 1)], [target])).toMatchObject([{ value: Number.NaN, met: false }]);
  });

  it('may be none: the ratio is told, and neither met nor missed', () => {
    const [verdict] = judge([row('d2', 50), row('d2-sql', 200)]);
    expect(verdict).toMatchObject({ value: 0.25, met: null });
    expect(verdictLines(verdict ? [verdict] : [])).toEqual([
      'ratio  d2 / d2-sql              0.25  a sweep at rest against the bare select',
    ]);
  });

  it('hold what the project set itself', () => {
    const texts = targets.map(({ row: id, by, figure, atLeast, atMost }) =>
      [id, by ?? '', figure ?? '', atLeast ?? '', atMost ?? ''].join(' '),
    );
    expect(texts).toEqual([
      'a c  1.5 ',
      'b e  0.5 ',
      'b f  10 ',
      'b+ e  0.5 ',
      'b+ f  10 ',
      'b1m b0  0.9 ',
      'g-ours-16 g-16  1.5 ',
      'g-ours-64 g-64  1.5 ',
      'g-ours-1 g-1 p50Ms  3',
      'g-ours-16 g-16 p50Ms  3',
      'g-ours-64 g-64 p50Ms  3',
      'visible  p99Ms  250',
      'ready    10',
      'idle    2',
      'memory    500',
      'd1 d1-sql   ',
      'd2 d2-sql   ',
      'd3 d3-sql   ',
      'd4 d4-sql p50Ms  ',
      'd4 d4-sql p99Ms  ',
    ]);
  });
});

describe('the table', () => {
  it('shows raw figures, how far the rounds lie apart, and CPU by process', () => {
    expect(rowLines([row('a', 900, 1000, 1100)])).toEqual([
      'a              1,000 events/s   ±10.0 %   what a is',
      '                                CPU µs each: gateway 10.0',
      '                                p50Ms 100',
    ]);
  });

  it('shows each ratio beside its target', () => {
    expect(verdictLines(judge([row('a', 100), row('c', 100)]))).toEqual([
      'MISSED a / c                    1.00  (≥ 1.5)  gateway against a bare kafkajs producer',
    ]);
  });
});

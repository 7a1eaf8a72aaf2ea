import { describe, expect, it } from '@jest/globals';
import { changedBudgets, faultsIn, revised, type SomeBudgets } from './policy.js';
import { budgetOf, response202601, type Budget } from './response.js';

const minutes = (amount: number, basis: Budget['basis'] = 'wall'): Budget => ({
  basis,
  amount,
  unit: 'minutes',
});
const days = (amount: number, basis: Budget['basis']): Budget => ({ basis, amount, unit: 'days' });
const policy = (clocks: SomeBudgets, from = response202601) =>
  revised(from, { version: 'b', source: 'street order 7', clocks });

describe('a response policy', () => {
  it('that is revised keeps what was not named', () => {
    const next = policy({ verify: { 3: minutes(20) } });
    expect(next).toMatchObject({ version: 'b', source: 'street order 7', reopenDays: 30 });
    expect(budgetOf(next, 'verify', 3)).toEqual(minutes(20));
    expect(budgetOf(next, 'verify', 2)).toEqual({ basis: 'wall', amount: 2, unit: 'hours' });
    expect(budgetOf(next, 'ack', 3)).toEqual(minutes(10));
    const third = policy({ ack: { 3: minutes(5) } }, next);
    expect([budgetOf(third, 'verify', 3), budgetOf(third, 'ack', 3)]).toEqual([minutes(20), minutes(5)]);
  });

  it('knows which budgets differ from those before', () => {
    const next = policy({ verify: { 3: minutes(20), 2: { basis: 'wall', amount: 2, unit: 'hours' } } });
    expect(changedBudgets(response202601, next)).toEqual(new Map([['verify', new Map([[3, minutes(20)]])]]));
    expect(changedBudgets(next, next)).toEqual(new Map());
  });

  it('gives a higher colour no more time than a lower one, where the two can be compared', () => {
    expect(faultsIn(response202601)).toEqual([]);
    expect(faultsIn(policy({ verify: { 3: minutes(121) } }))).toEqual([
      { clock: 'verify', level: 2, higher: 3 },
    ]);
    expect(faultsIn(policy({ verify: { 3: minutes(120) } }))).toEqual([]);
    const wall = policy({ ack: { 3: minutes(600), 2: minutes(30), 1: minutes(20) } });
    expect(faultsIn(wall)).toEqual([
      { clock: 'ack', level: 1, higher: 2 },
      { clock: 'ack', level: 1, higher: 3 },
      { clock: 'ack', level: 2, higher: 3 },
    ]);
    const mixed = { 3: minutes(600, 'working'), 2: days(1, 'working'), 1: days(1, 'calendar') };
    expect(faultsIn(policy({ plan: mixed }))).toEqual([]);
    expect(faultsIn(policy({ plan: { ...mixed, 3: days(2, 'working') } }))).toEqual([
      { clock: 'plan', level: 2, higher: 3 },
    ]);
  });
});

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SlaForecastQueue, SlaItem, SlaQueue, WhatIfAnswer } from '@linli/contracts';
import { FakeLinli } from '../testing/fake-linli.js';
import { runOn } from '../testing/run-on.js';
import { budgetOf } from './what-if.js';

const AT = '2026-11-24T04:00:00.000Z';
const id = (n: number): string => `0198f3a0-0000-4000-8000-00000000000${n}`;
const folder = mkdtempSync(join(tmpdir(), 'linli-sla-'));

let system: FakeLinli;
beforeAll(async () => {
  system = await new FakeLinli().start();
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await system.stop();
});
beforeEach(() => {
  system.ops.clear();
  system.bodies.length = 0;
});

const run = (...argv: string[]) => runOn(system, 'sla', ...argv);
const asked = (): string[] => system.bodies.map(({ path }) => path);

const queue = (over: Partial<SlaQueue> = {}): SlaQueue => ({
  ...{ service: 'risk', clock: 'K_ACK', unit: 'street-9', total: 4 },
  bands: { overdue: 0, under10: 1, under25: 0, under50: 1, rest: 2 },
  suspended: { total: 0, reasons: [] },
  ...{ provisional: 0, unescalated: 0, oldest: '2026-11-24T01:00:00.000Z' },
  firstDue: '2026-11-24T04:26:00.000Z',
  ...over,
});

describe('linli sla queues', () => {
  const route = 'GET /v1/sla/queues';

  it('shows the most urgent first, and what stands still', async () => {
    const still = { total: 2, reasons: [{ reason: 'handed over', count: 2 }] };
    const late = queue({
      ...{ clock: 'K_PLAN', unit: null, total: 3, suspended: still, provisional: 1 },
      bands: { overdue: 1, under10: 0, under25: 0, under50: 0, rest: 2 },
      firstDue: '2026-11-24T01:00:00.000Z',
    });
    system.ops.set(route, [{ at: AT, items: [queue(), late], unreachable: [] }]);
    const { code, out, err } = await run('queues', '--area', '330106');
    expect(code).toBe(1);
    expect(asked()).toEqual([`${route}?area=330106`]);
    expect(out).toEqual([
      'clock   unit      open  overdue  <10 %  <25 %  <50 %  more  still  provisional  first due  oldest     service',
      'K_PLAN  -         3     1        -      -      -      2     2      1            3.0 h ago  3.0 h ago  risk',
      'K_ACK   street-9  4     -        1      -      1      2     -      -            in 26 min  3.0 h ago  risk',
      'K_PLAN of nobody stands still: 2 × handed over',
    ]);
    expect(err).toEqual([]);
  });

  it('is content while nothing is overdue, and says when nothing is open', async () => {
    system.ops.set(route, [{ at: AT, items: [queue()], unreachable: [] }]);
    expect((await run('queues')).code).toBe(0);
    system.ops.set(route, [{ at: AT, items: [], unreachable: [] }]);
    expect(await run('queues')).toMatchObject({ code: 0, out: ['no deadline is open'] });
  });

  it('warns of what nobody was told, and of a service that does not answer', async () => {
    const seen = { at: AT, items: [queue({ unescalated: 2 })], unreachable: ['petitions'] };
    system.ops.set(route, [seen]);
    const { code, err } = await run('queues');
    expect(code).toBe(1);
    expect(err).toEqual([
      '2 K_ACK of street-9 past their due time, and nobody was told: linli doctor',
      'not answered: petitions',
    ]);
    expect((await run('queues', '--json')).out).toEqual([JSON.stringify(seen)]);
  });
});

describe('linli sla items', () => {
  const route = 'GET /v1/sla/items';
  const item = (over: Partial<SlaItem> = {}): SlaItem => ({
    ...{ id: id(1), service: 'risk', clock: 'K_PLAN', unit: 'street-9', aggregateId: id(9), area: '330106' },
    ...{ state: 'armed', startedAt: AT, due: '2026-11-26T04:00:00.000Z', band: 'under50' },
    remaining: { share: 0.36, amount: 1.8, basis: 'working', unit: 'days' },
    ...{ suspended: null, provisional: false, exercise: false, explanation: '/v1/deadlines/d-1/explanation' },
    ...over,
  });

  it('lists what is left of each, and how to go on', async () => {
    const still = item({
      ...{ id: id(2), clock: 'K_ACK', unit: null, area: null, due: null, provisional: true },
      suspended: { since: AT, until: null, reason: 'handed over' },
      remaining: { share: -0.5, amount: -15, basis: 'wall', unit: 'minutes' },
    });
    system.ops.set(route, [{ at: AT, items: [item(), still], next: `-.${id(2)}`, unreachable: [] }]);
    const { code, out, err } = await run('items', '--band', 'under50', '--no-suspended', '--limit', '2');
    expect(code).toBe(0);
    expect(asked()).toEqual([`${route}?band=under50&suspended=false&limit=2`]);
    expect(out).toEqual([
      `due       left                     clock   unit      area    state                                   of${' '.repeat(36)}deadline`,
      `in 2.0 d  1.8 working days (36 %)  K_PLAN  street-9  330106  armed                                   ${id(9)}  ${id(1)}`,
      `-         -15 minutes (-50 %)      K_ACK   -         -       armed, still: handed over, provisional  ${id(9)}  ${id(2)}`,
    ]);
    expect(err).toEqual([`more: --cursor -.${id(2)}`]);
  });

  it('marks exercises, and lists them alone', async () => {
    system.ops.set(route, [{ at: AT, items: [item({ exercise: true })], next: null, unreachable: [] }]);
    const { out } = await run('items', '--exercise');
    expect(asked()).toEqual([`${route}?exercise=true`]);
    expect(out[1]).toContain('armed, exercise');
  });

  it('takes no band and no number that is none', async () => {
    expect((await run('items', '--band', 'late')).code).toBe(2);
    expect((await run('items', '--limit', 'x')).code).toBe(2);
    expect(asked()).toEqual([]);
  });
});

describe('linli sla forecast', () => {
  const route = 'GET /v1/sla/forecast';
  const ahead = (over: Partial<SlaForecastQueue> = {}): SlaForecastQueue => ({
    ...{ service: 'risk', clock: 'K_ACK', unit: 'street-9', until: AT, overdue: 0, waiting: 4 },
    throughput: { since: AT, hours: 70, ended: 140, inTime: 130, perHour: 2 },
    ...{ atRisk: 0, first: null, ...over },
  });

  it('shows who is at risk first, and whose turn never comes', async () => {
    const first = { id: id(7), due: '2026-11-24T06:00:00.000Z', expected: null };
    const none = { since: AT, hours: 70, ended: 0, inTime: 0, perHour: 0 };
    const risky = ahead({ clock: 'K_PLAN', overdue: 1, atRisk: 3, first, throughput: none });
    const items = [ahead(), risky];
    system.ops.set(route, [{ at: AT, hours: 40, lookbackHours: 70, items, unreachable: [] }]);
    const { code, out } = await run('forecast', '--hours', '40');
    expect(code).toBe(1);
    expect(asked()).toEqual([`${route}?hours=40`]);
    expect(out).toEqual([
      'the next 40 working hours, at the throughput of the last 70:',
      `clock   unit      overdue  due by then  ended  an hour  at risk  first due  its turn  deadline${' '.repeat(30)}service`,
      `K_PLAN  street-9  1        4            -      0.00     3        in 2.0 h   never     ${id(7)}  risk`,
      `K_ACK   street-9  -        4            140    2.00     -        -          -         -${' '.repeat(37)}risk`,
    ]);
    const calm = { at: AT, hours: 8, lookbackHours: 70, items: [ahead()], unreachable: [] };
    system.ops.set(route, [calm]);
    expect((await run('forecast')).code).toBe(0);
  });
});

describe('linli sla what-if', () => {
  const route = 'POST /v1/sla/what-if';
  const answer: WhatIfAnswer = {
    ...{ at: AT, change: 'policy', moving: 2, earlier: 2, later: 0, late: 1 },
    deadlines: [
      {
        ...{ id: 'd-1', service: 'risk', aggregateId: 'w-1', clock: 'K_PLAN', late: true },
        ...{ from: '2026-11-25T04:00:00.000Z', to: '2026-11-24T03:00:00.000Z' },
      },
    ],
  };

  it('asks for another budget, and fails when it would make something late', async () => {
    system.ops.set(route, [answer]);
    const { code, out } = await run('what-if', 'policy', 'K_PLAN', '2 working days', '--unit', 'street-9');
    expect(code).toBe(1);
    expect(system.bodies.at(-1)?.body).toEqual({
      ...{ change: 'policy', clock: 'K_PLAN', unit: 'street-9' },
      budget: { basis: 'working', amount: 2, unit: 'days' },
    });
    expect(out).toEqual([
      '2 deadlines would move: 2 earlier, 0 later, 1 late at once',
      '    K_PLAN of w-1 (d-1)  2026-11-25T04:00:00.000Z → 2026-11-24T03:00:00.000Z  LATE AT ONCE',
      '    and 1 more',
    ]);
  });

  it('asks what a calendar file would do', async () => {
    const content = { year: 2027, papers: [], days: [{ name: '元旦', date: '2027-01-01', isOffDay: true }] };
    const file = join(folder, '2027.json');
    writeFileSync(file, JSON.stringify(content));
    const nothing = { ...answer, change: 'calendar', moving: 0, earlier: 0, late: 0, deadlines: [] };
    system.ops.set(route, [nothing]);
    expect(await run('what-if', 'calendar', file)).toMatchObject({
      code: 0,
      out: ['no deadline would move'],
    });
    expect(system.bodies.at(-1)?.body).toEqual({ change: 'calendar', calendar: 'default', content });
  });

  it.each([
    ['30 minutes', { amount: 30, basis: 'wall', unit: 'minutes' }],
    ['1 hour', { amount: 1, basis: 'wall', unit: 'hours' }],
    ['15 calendar days', { amount: 15, basis: 'calendar', unit: 'days' }],
    ['7 working hours', { amount: 7, basis: 'working', unit: 'hours' }],
  ])('reads the budget "%s"', (text, budget) => {
    expect(budgetOf(text)).toEqual(budget);
  });

  it.each(['', 'soon', '0 days', '5 weeks', '3 calendar hours', '5'])(
    'takes no "%s" for one',
    async (text) => {
      expect(await run('what-if', 'policy', 'K_PLAN', text)).toMatchObject({ code: 2 });
      expect(asked()).toEqual([]);
    },
  );
});

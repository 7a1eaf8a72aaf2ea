import { describe, expect, it } from '@jest/globals';
import { riskFacts } from '@linli/contracts';
import { DAY } from '@linli/kernel';
import { anEvent, aPrincipal, AREA, GRID, NOW, someEvents, type World } from '../risk.fixture.js';
import { worldForEachTest } from '../worlds.fixture.js';
import { secretsFrom } from '@linli/service';

let world: World;
worldForEachTest((empty) => (world = empty));

const raise = async (n: number, prefix = 'e'): Promise<string> => {
  await world.arrive(someEvents(n, {}, prefix));
  const [warning] = await world.query<{ id: string }>(
    `SELECT id FROM warning WHERE scope_name = $1 ORDER BY generation DESC LIMIT 1`,
    [GRID],
  );
  return warning?.id ?? '';
};
const act = (verb: string, id: string, data: object = {}, over: object = {}) =>
  world.tell(`risk.${verb}-warning`, id, data, over);

describe('a warning', () => {
  it('goes from candidate over issued and acknowledged to confirmed, and shows itself after each', async () => {
    const id = await raise(5);
    expect((await act('issue', id)).resource).toMatchObject({
      id,
      category: 'DSP-04',
      group: 'DSP',
      area: AREA,
      scope: { grid: GRID },
      colour: 'orange',
      score: 61.7,
      status: 'issued',
      version: 2,
      ruleVersion: '2026-01',
    });
    world.now = NOW + 60_000;
    expect((await act('acknowledge', id, { note: '已联系物业' })).resource).toMatchObject({
      status: 'acknowledged',
      version: 3,
      acknowledgedAt: '2026-11-23T04:01:00.000Z',
      acknowledgedBy: 'Street duty',
    });
    const verified = await act(
      'verify',
      id,
      { result: 'confirmed', evidence: 'seen' },
      { expectedVersion: 3 },
    );
    expect(verified.resource).toMatchObject({ status: 'confirmed', version: 4 });
    expect(world.told()).toEqual(['candidate 1', 'issued 2', 'acked 3', 'verified 4']);
  });

  it('tells facts that fit their contracts', async () => {
    const id = await raise(3);
    await raise(5, 'up');
    await act('acknowledge', id);
    await act('verify', id, { result: 'unclear', evidence: 'nobody in' });
    await world.arrive([anEvent({ id: 'g', category: 'INF-01', confirmed: true })]);
    const [red] = await world.query<{ id: string }>(`SELECT id FROM warning WHERE category = 'INF-01'`);
    await act('dismiss', red?.id ?? '', { reason: 'test' });
    expect(new Set(world.told().map((fact) => fact.split(' ')[0]))).toEqual(
      new Set(['candidate', 'issued', 'escalated', 'acked', 'verified', 'dismissed']),
    );
    for (const { type, data } of world.facts) {
      const contract = riskFacts.find((fact) => fact.type === type);
      expect(contract?.data.strict().parse(data)).toEqual(data);
    }
  });

  it('keeps what people wrote sealed, and out of its facts', async () => {
    const id = await raise(3);
    await act('acknowledge', id, { note: '张三说要上访' });
    const [note] = await world.query<{ sealed_text: string; version: number }>('SELECT * FROM warning_note');
    expect(note).toMatchObject({ version: 3 });
    expect(note?.sealed_text).not.toContain('张三');
    const secrets = secretsFrom('a master secret of a test, 32 characters and more');
    expect(secrets.open('risk.note', note?.sealed_text ?? '')).toBe('张三说要上访');
    expect(JSON.stringify(world.facts)).not.toContain('张三');
  });

  it('refuses what is not allowed, and nothing has changed', async () => {
    const id = await raise(5);
    const before = await world.query('SELECT * FROM warning');
    const elsewhere = { principal: aPrincipal({ areas: ['330106'] }) };
    const community = { principal: aPrincipal({ areas: [AREA] }) };
    const refusals = [
      await act('acknowledge', id),
      await act('issue', id, {}, { expectedVersion: 7 }),
      await act('issue', id, {}, community),
      await act('issue', id, {}, elsewhere),
      await act('issue', '00000000-0000-4000-8000-000000000000'),
      await act('issue', id, {}, { tenant: 'xihu', principal: aPrincipal({ tenant: 'xihu' }) }),
      await act('dismiss', id, { reason: 'because' }),
    ];
    expect(refusals.map(({ refusal }) => [refusal?.code, refusal?.kind])).toEqual([
      ['WRN_STATE', 'conflict'],
      ['WRN_STALE', 'stale'],
      ['WRN_NOT_OWNER', 'forbidden'],
      ['WRN_NOT_FOUND', 'not-found'],
      ['WRN_NOT_FOUND', 'not-found'],
      ['WRN_NOT_FOUND', 'not-found'],
      ['BODY_INVALID', 'invalid'],
    ]);
    expect(await world.query('SELECT * FROM warning')).toEqual(before);
    expect(world.told()).toEqual(['candidate 1']);
  });
});

describe('the end of a warning', () => {
  const place = async () =>
    (await world.query<object>('SELECT generation, told_level, tally, assessment, point FROM risk_place'))[0];

  it('clears its place; what comes later makes another warning, from nothing', async () => {
    const first = await raise(5, 'a');
    await act('dismiss', first, { reason: 'test' });
    expect(await place()).toEqual({
      generation: 1,
      told_level: 0,
      tally: null,
      assessment: null,
      point: null,
    });
    const none = await world.query('SELECT id FROM warning WHERE generation = 1');
    await world.arrive(someEvents(2, {}, 'b'));
    expect(await world.query('SELECT id FROM warning WHERE generation = 1')).toEqual(none);
    const second = await raise(1, 'c');
    expect(second).not.toBe(first);
    expect(await world.query('SELECT generation, status, level, score FROM warning ORDER BY 1')).toEqual([
      { generation: 0, status: 'dismissed', level: 2, score: 61.7 },
      { generation: 1, status: 'issued', level: 1, score: 43.8 },
    ]);
  });

  it('by a false alarm does the same; a copy of an old event changes nothing', async () => {
    const id = await raise(3);
    await act('acknowledge', id);
    await act('verify', id, { result: 'false', evidence: 'nothing there' });
    await world.arrive(someEvents(3));
    expect(await place()).toMatchObject({ generation: 1, tally: null });
  });

  it('begins the count of each party anew', async () => {
    await world.arrive(someEvents(3, { party: 'p' }, 'a'));
    const [warning] = await world.query<{ id: string }>('SELECT id FROM warning');
    await act('acknowledge', warning?.id ?? '');
    await act('verify', warning?.id ?? '', { result: 'false', evidence: 'nothing there' });
    await world.arrive(someEvents(1, { party: 'p' }, 'b'));
    expect(await world.assessments()).toMatchObject([{ score: 17.5, repeats: 0 }]);
  });

  it('does not forget what is usual in the grid', async () => {
    await world.arrive(someEvents(3, { occurredAt: NOW - 100 * DAY }, 'old'));
    const id = await raise(5);
    await act('dismiss', id, { reason: 'test' });
    const [row] = await world.query<{ weeks: object }>(`SELECT baseline->'weeks' AS weeks FROM risk_place`);
    expect(Object.values(row?.weeks ?? {})).toEqual([3, 5]);
  });

  it('takes its signals from the grids that count it as a neighbour', async () => {
    const other = '330110003012-06';
    await world.tell('risk.load-areas', '00000000-0000-4000-8000-000000000000', {
      grids: [{ area: AREA, grid: other, neighbours: [{ area: AREA, grid: GRID }] }],
    });
    await world.arrive(someEvents(2, { grid: other }, 'near'));
    const id = await raise(5);
    const score = () => world.query(`SELECT score FROM risk_place WHERE scope_name = $1`, [other]);
    expect(await score()).toEqual([{ score: 57.9 }]);
    await act('dismiss', id, { reason: 'test' });
    expect(await score()).toEqual([{ score: 31.9 }]);
  });

  it('leaves an evaluation that comes too late without effect', async () => {
    const id = await raise(5);
    const [at] = await world.query<{ place_id: string }>('SELECT place_id FROM warning');
    await act('dismiss', id, { reason: 'test' });
    const late = await act('evaluate', id, {
      ...{ placeId: at?.place_id, generation: 0, level: 3, score: 90 },
      assessedAt: new Date(NOW).toISOString(),
    });
    expect(late.refusal?.code).toBe('WRN_STATE');
  });
});

describe('quarantine', () => {
  const register = '00000000-0000-4000-8000-000000000000';
  const replay = (data: object = {}) => world.tell('risk.replay-quarantine', register, data);
  const count = async (table: string) =>
    (await world.query<{ n: number }>(`SELECT count(*) AS n FROM ${table}`))[0]?.n;

  it('keeps an event of an unknown category or area, and its copies are copies', async () => {
    const odd = [
      ...someEvents(2, { category: 'NOISE' }, 'c'),
      ...someEvents(1, { area: '999999999999' }, 'a'),
    ];
    await world.arrive(odd);
    await world.arrive(odd);
    expect(await world.query('SELECT id, reason FROM risk_quarantine ORDER BY id')).toEqual([
      { id: 'a-0', reason: 'area' },
      { id: 'c-0', reason: 'category' },
      { id: 'c-1', reason: 'category' },
    ]);
    expect([await count('risk_event'), await count('risk_duplicate')]).toEqual([0, 3]);
  });

  it('gives back what is mapped, counted at its own time; the mapping holds for later events', async () => {
    await world.arrive([
      ...someEvents(2, { category: 'NOISE' }, 'c'),
      ...someEvents(1, { area: '999999999999' }, 'a'),
      ...someEvents(1, { category: 'OTHER' }, 'o'),
    ]);
    const done = await replay({
      categories: { NOISE: 'dsp.property_service' },
      areas: { '999999999999': AREA },
    });
    expect(done.resource).toEqual({ replayed: 3, remaining: 1 });
    expect(await world.query('SELECT level, score FROM warning')).toEqual([{ level: 1, score: 43.8 }]);
    await world.arrive(someEvents(2, { category: 'NOISE' }, 'later'));
    expect(await world.query('SELECT level, score FROM warning')).toEqual([{ level: 2, score: 61.7 }]);
    expect((await replay()).resource).toEqual({ replayed: 0, remaining: 1 });
  });

  it('gives an event back that comes again when its category is known by now', async () => {
    await world.arrive(someEvents(1, { category: 'NOISE' }));
    await replay({ categories: { NOISE: 'DSP-04' }, source: 'another' });
    await world.arrive(someEvents(1, { category: 'NOISE' }));
    expect([
      await count('risk_event'),
      await count('risk_quarantine'),
      await count('risk_duplicate'),
    ]).toEqual([1, 0, 1]);
    expect((await replay()).resource).toEqual({ replayed: 0, remaining: 0 });
  });

  it('refuses a mapping to nothing known, and remembers none of them', async () => {
    const done = await replay({ categories: { NOISE: 'DSP-04', 'a/b': 'nope' }, areas: { x: 'y' } });
    expect(done.refusal).toMatchObject({
      code: 'RSK_MAPPING',
      kind: 'invalid',
      flaws: [{ pointer: '/categories/a~1b' }, { pointer: '/areas/x' }],
    });
    expect(await count('risk_mapping')).toBe(0);
  });

  it('takes an area that the tenant did not load, once it loaded any, and gives it back when it did', async () => {
    const load = (codes: string[]) =>
      world.tell('risk.load-areas', register, { areas: codes.map((code) => ({ code, name: code })) });
    await load(['330110003099']);
    await world.arrive([...someEvents(1), ...someEvents(1, { area: '330110003099' }, 'in')]);
    expect([await count('risk_event'), await count('risk_quarantine')]).toEqual([1, 1]);
    await load([AREA]);
    expect((await replay()).resource).toEqual({ replayed: 1, remaining: 0 });
    await world.arrive(someEvents(1, { area: `${AREA}005` }, 'grid'));
    expect([await count('risk_event'), await count('risk_quarantine')]).toEqual([3, 0]);
  });

  it('of an area outside of the key is left there, and no area is mapped to one', async () => {
    await world.arrive(someEvents(1, { category: 'NOISE' }));
    await world.tell('risk.replay-quarantine', register, {
      categories: { NOISE: 'DSP-04' },
      source: 'another',
    });
    const limited = { principal: aPrincipal({ areas: ['330106'] }) };
    const tell = (data: object) => world.tell('risk.replay-quarantine', register, data, limited);
    expect((await tell({})).resource).toEqual({ replayed: 0, remaining: 1 });
    expect((await tell({ areas: { x: AREA } })).refusal?.code).toBe('RSK_MAPPING');
    const load = { areas: [{ code: AREA, name: 'x' }] };
    expect((await world.tell('risk.load-areas', register, load, limited)).refusal).toMatchObject({
      code: 'AREA_FORBIDDEN',
      flaws: [{ pointer: '/areas/0/code' }],
    });
  });

  it('of one tenant is not touched by another', async () => {
    await world.arrive(someEvents(1, { category: 'NOISE' }), 'xihu');
    expect((await replay({ categories: { NOISE: 'DSP-04' } })).resource).toEqual({
      replayed: 0,
      remaining: 0,
    });
    expect(await count('risk_quarantine')).toBe(1);
  });
});

import { describe, expect, it } from '@jest/globals';
import { riskFacts } from '@linli/contracts';
import { DAY, HOUR } from '@linli/kernel';
import { anEvent, aPrincipal, AREA, GRID, NOW, someEvents, type World } from '../risk.fixture.js';
import { worldForEachTest } from '../worlds.fixture.js';

let world: World;
worldForEachTest((empty) => (world = empty));

const act = async (verb: string, id: string, data: object = {}, over: object = {}) => {
  const { resource, refusal } = await world.tell(`risk.${verb}-warning`, id, data, over);
  return refusal?.code ?? (resource as Record<string, unknown>);
};
const facts = (): string[] => world.facts.map(({ type }) => type.split('.')[3] ?? '');
const later = (days: number): void => {
  world.now = NOW + days * DAY;
};
const newest = async (category = 'DSP-04'): Promise<string> => {
  const [row] = await world.query<{ id: string }>(
    'SELECT id FROM warning WHERE category = $1 ORDER BY generation DESC LIMIT 1',
    [category],
  );
  return row?.id ?? '';
};
/** Issued, acknowledged, confirmed. */
const confirmed = async (category = 'DSP-04'): Promise<string> => {
  const id = await newest(category);
  await act('issue', id, {}, { principal: aPrincipal({ keyId: 'k-duty' }) });
  await act('acknowledge', id);
  await act('verify', id, { result: 'confirmed', evidence: 'seen' });
  return id;
};
const plan = { measures: ['talk to the company'], people: ['Li'], due: '2026-11-25T12:00:00+08:00' };
/** Three signals of weight 3: yellow. */
const disposing = async (n = 3): Promise<string> => {
  await world.arrive(someEvents(n));
  const id = await confirmed();
  await act('plan', id, plan);
  return id;
};
const gone = { evidence: 'the company signed' };
const monitoring = async (): Promise<string> => {
  const id = await disposing();
  later(20);
  await act('monitor', id, gone);
  return id;
};
/** Monitored after 20 days; visits after 7, 15 and 30 more. */
const closed = async (): Promise<string> => {
  const id = await monitoring();
  for (const days of [27, 35, 50]) {
    later(days);
    await act('visit', id, { finding: 'quiet' });
  }
  await act('close', id, { outcome: 'resolved' });
  return id;
};

describe('a warning that is dealt with', () => {
  it('goes from the plan over monitoring and visits to its end, and shows itself', async () => {
    const id = await disposing();
    expect(await act('update', id, { text: 'talked twice', reassessed: true })).toMatchObject({
      status: 'disposing',
      planDue: '2026-11-25T04:00:00.000Z',
    });
    expect(await act('link', id, { kind: 'mediation', id: 'm-1' })).toMatchObject({
      links: [{ kind: 'mediation', id: 'm-1' }],
    });
    expect(await act('monitor', id, gone)).toBe('WRN_HYSTERESIS');
    later(20);
    expect(await act('monitor', id, gone)).toMatchObject({
      status: 'monitoring',
      nextVisit: '2026-12-19T16:00:00.000Z',
    });
    later(21);
    expect(await act('visit', id, { finding: 'quiet' })).toBe('WRN_VISITS_DUE');
    for (const days of [27, 35, 50]) {
      later(days);
      expect(await act('close', id, { outcome: 'resolved' })).toBe('WRN_VISITS_DUE');
      expect(await act('visit', id, { finding: 'quiet' })).toMatchObject({ status: 'monitoring' });
    }
    expect(await act('close', id, { outcome: 'averted' })).toBe('WRN_OUTCOME');
    expect(await act('close', id, { outcome: 'resolved' })).toMatchObject({
      status: 'closed',
      outcome: 'resolved',
      visits: 3,
      nextVisit: null,
      closedAt: new Date(world.now).toISOString(),
    });
    expect(facts()).toEqual([
      ...['candidate', 'issued', 'acked', 'verified', 'plan_set', 'updated', 'linked', 'monitoring'],
      ...['visited', 'visited', 'visited', 'closed'],
    ]);
  });

  it('tells facts that fit their contracts, and keeps what people wrote out of them', async () => {
    await disposing();
    const id = await newest();
    await act('hand-over', id, { body: 'police', reference: '110-7', note: '张三在场' });
    await act('monitor', id, { evidence: '张三走了' });
    await act('reopen', id);
    await act('update', id, { text: '张三又来' });
    await act('link', id, { kind: 'petition', id: 'p-1' });
    for (const { type, data } of world.facts) {
      const contract = riskFacts.find((fact) => fact.type === type);
      expect(contract?.data.strict().parse(data)).toEqual(data);
    }
    expect(JSON.stringify(world.facts)).not.toContain('张三');
    expect(await world.query('SELECT version FROM warning_note ORDER BY 1')).toHaveLength(5);
  });

  it('is raised one level by its owner', async () => {
    await world.arrive(someEvents(3));
    const id = await newest();
    const community = { principal: aPrincipal({ areas: [AREA] }) };
    expect(await act('escalate', id, {}, community)).toMatchObject({ colour: 'orange', status: 'issued' });
    expect(await act('escalate', id, {}, community)).toBe('WRN_NOT_OWNER');
    expect(await act('escalate', id)).toMatchObject({ colour: 'red' });
    expect(await act('escalate', id)).toBe('WRN_MAX_LEVEL');
    expect(world.facts.at(-1)?.data).toMatchObject({ from: 'orange', colour: 'red', cause: 'owner' });
  });
});

describe('lowering', () => {
  const red = async (): Promise<string> => {
    await world.arrive(someEvents(10));
    const id = await confirmed();
    await act('plan', id, plan);
    return id;
  };

  it('waits until the score was low for long enough, by the stored signals', async () => {
    const id = await red();
    // Below 70 from day 3.27 on (see cooling.spec.ts).
    later(4.2);
    expect(await act('lower', id, gone)).toBe('WRN_HYSTERESIS');
    later(4.4);
    const community = { principal: aPrincipal({ areas: [AREA] }) };
    expect(await act('lower', id, gone, community)).toBe('WRN_LEVEL');
    expect(await act('lower', id, gone)).toMatchObject({ colour: 'orange', status: 'disposing' });
    expect(await act('lower', id, gone)).toBe('WRN_HYSTERESIS');
    expect(world.facts.at(-1)?.data).toEqual({
      ...{ area: AREA, from: 'red', colour: 'orange', exercise: false },
    });
  });

  it('does not keep new signals from raising it again, each time anew', async () => {
    const id = await red();
    later(4.4);
    await act('lower', id, gone);
    const more = (n: number, prefix: string) =>
      world.arrive(someEvents(n, { occurredAt: world.now }, prefix));
    await more(1, 'one');
    expect(await world.query('SELECT level FROM warning')).toEqual([{ level: 2 }]);
    await more(5, 'more');
    expect(await world.query('SELECT level FROM warning')).toEqual([{ level: 3 }]);
    later(9.8);
    expect(await act('lower', id, gone)).toMatchObject({ colour: 'orange' });
    await more(8, 'again');
    expect(await world.query('SELECT level FROM warning')).toEqual([{ level: 3 }]);
  });

  it('answers a trigger: only a newer one raises it again', async () => {
    await world.arrive([anEvent({ id: 'gas', triggers: ['gas_alarm'] })]);
    const id = await confirmed();
    await act('plan', id, plan);
    later(2);
    expect(await act('lower', id, gone)).toMatchObject({ colour: 'orange' });
    await world.arrive([anEvent({ id: 'dust', occurredAt: world.now })]);
    expect(await world.query('SELECT level FROM warning')).toEqual([{ level: 2 }]);
    await world.arrive([anEvent({ id: 'gas-2', occurredAt: world.now, triggers: ['gas_alarm'] })]);
    expect(await world.query('SELECT level FROM warning')).toEqual([{ level: 3 }]);
  });
});

describe('after the danger is gone', () => {
  const statuses = () => world.query('SELECT status, level, generation FROM warning ORDER BY generation');

  it('a new signal reopens it, however weak; a late one of before does not', async () => {
    const id = await monitoring();
    later(22);
    await world.arrive([anEvent({ id: 'late', occurredAt: NOW + 19 * DAY })]);
    expect(await statuses()).toEqual([{ status: 'monitoring', level: 1, generation: 0 }]);
    await world.arrive([anEvent({ id: 'new', occurredAt: NOW + 21 * DAY, credibility: 0.3 })]);
    expect(await statuses()).toEqual([{ status: 'disposing', level: 1, generation: 0 }]);
    expect(world.facts.at(-1)).toMatchObject({ aggregateId: id, data: { cause: 'signal' } });
  });

  it('a signal that is heard only after the danger was found gone once more changes nothing', async () => {
    const id = await monitoring();
    const signalAt = new Date(world.now - HOUR).toISOString();
    expect(await act('revive', id, { signalAt })).toBe('WRN_STATE');
    expect(await statuses()).toEqual([{ status: 'monitoring', level: 1, generation: 0 }]);
  });

  it('it is reopened at once at the colour that the place shows by then', async () => {
    const id = await closed();
    later(60);
    await world.arrive(someEvents(8, { occurredAt: world.now }, 'new'));
    expect(await statuses()).toEqual([{ status: 'disposing', level: 2, generation: 0 }]);
    expect(facts().slice(-2)).toEqual(['reopened', 'escalated']);
    expect(await act('update', id, { text: 'again' })).toMatchObject({ colour: 'orange', outcome: null });
  });

  it('the owner may reopen it for thirty days', async () => {
    const id = await closed();
    later(80.1);
    expect(await act('reopen', id)).toBe('WRN_REOPEN_WINDOW');
    later(79.9);
    expect(await act('reopen', id, { note: 'they are back' })).toMatchObject({ status: 'disposing' });
    expect(world.facts.at(-1)?.data).toMatchObject({ cause: 'owner' });
  });

  it('a signal after that makes another warning, from nothing, and the old one keeps what it showed', async () => {
    const id = await closed();
    const before = await world.query<{ score: number }>('SELECT score FROM risk_place');
    later(81);
    await world.arrive(someEvents(3, { occurredAt: world.now }, 'new'));
    expect(await statuses()).toEqual([
      { status: 'closed', level: 1, generation: 0 },
      { status: 'issued', level: 1, generation: 1 },
    ]);
    const [old] = await world.query<{ score: number }>(
      `SELECT (final->'assessment'->>'score')::float8 AS score FROM warning WHERE id = $1`,
      [id],
    );
    expect(old).toEqual(before[0]);
  });
});

describe('merging', () => {
  it('ends one warning for another that the key sees, and clears its place', async () => {
    await world.arrive(someEvents(3));
    await world.arrive(someEvents(5, { category: 'DSP-03' }, 'other'));
    const [id, into] = [await newest(), await newest('DSP-03')];
    const merge = { into, because: 'scope' };
    expect(await act('merge', id, { ...merge, into: id })).toBe('WRN_MERGE');
    expect(await act('merge', id, { ...merge, into: '00000000-0000-4000-8000-000000000000' })).toBe(
      'WRN_MERGE',
    );
    expect(await act('merge', id, merge)).toMatchObject({ status: 'merged', mergedInto: into });
    expect(await act('merge', into, { ...merge, into: id })).toBe('WRN_MERGE');
    expect(await world.query(`SELECT generation FROM risk_place WHERE category = 'DSP-04'`)).toEqual([
      { generation: 1 },
    ]);
  });
});

describe('expiring', () => {
  it('takes fourteen days without a signal, and is no false alarm', async () => {
    await world.arrive(someEvents(5));
    const id = await newest();
    const status = () => world.query('SELECT status, outcome FROM warning WHERE id = $1', [id]);
    await world.pass(NOW + 10 * DAY);
    await world.arrive([anEvent({ id: 'new', occurredAt: world.now })]);
    await world.pass(NOW + 24 * DAY - 1);
    expect(await status()).toEqual([{ status: 'candidate', outcome: null }]);
    await world.pass(NOW + 24 * DAY);
    expect(await status()).toEqual([{ status: 'expired', outcome: null }]);
    expect(facts()).toEqual(['candidate', 'expired']);
    const place = await world.query('SELECT generation FROM risk_place WHERE scope_name = $1', [GRID]);
    expect(place).toEqual([{ generation: 1 }]);
  });
});

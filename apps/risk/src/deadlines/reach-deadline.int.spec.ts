import { describe, expect, it } from '@jest/globals';
import { riskFacts } from '@linli/contracts';
import { DAY, HOUR, MINUTE } from '@linli/kernel';
import { anEvent, aPrincipal, AREA, NOW, someEvents, TENANT, type World } from '../risk.fixture.js';
import { deadlineIdOf } from '../store/identity.js';
import { worldForEachTest } from '../worlds.fixture.js';

let world: World;
worldForEachTest((empty) => (world = empty));

const at = (text: string): number => Date.parse(`${text.replace(' ', 'T')}:00+08:00`);
const shown = (instant: number): string =>
  new Date(instant + 8 * HOUR).toISOString().slice(5, 16).replace('T', ' ');

const act = async (verb: string, id: string, data: object = {}, over: object = {}) => {
  const { resource, refusal } = await world.tell(`risk.${verb}-warning`, id, data, over);
  return refusal?.code ?? (resource as Record<string, unknown>);
};
/** Three signals of weight 3: yellow and issued, on Monday at noon, when the offices are closed. */
const yellow = async (): Promise<string> => {
  await world.arrive(someEvents(3));
  const [row] = await world.query<{ id: string }>('SELECT id FROM warning');
  return row?.id ?? '';
};
/** A confirmed gas leak: red, issued by the duty officer. */
const red = async (): Promise<string> => {
  await world.arrive([anEvent({ id: 'gas', category: 'INF-01', confirmed: true })]);
  const [row] = await world.query<{ id: string }>(`SELECT id FROM warning WHERE category = 'INF-01'`);
  await act('issue', row?.id ?? '', {}, { principal: aPrincipal({ keyId: 'k-duty' }) });
  return row?.id ?? '';
};
const stand = async (id: string): Promise<unknown> =>
  (await world.query('SELECT status, level, supervision FROM warning WHERE id = $1', [id]))[0];

/** `ack half`, `supervised ack 1 by 3`, `escalated`: what was told since a point. */
const told = (since = 0): string[] =>
  world.facts.slice(since).map(({ type, data }) => {
    const name = type.split('.')[3] ?? '';
    const { clock, rung, supervision, notice } = data as Record<string, string | number>;
    if (name === 'reminded') return `${clock} ${rung}`;
    return name === 'supervised' ? `supervised ${supervision} for ${clock}, notice ${notice}` : name;
  });
interface Row {
  readonly clock: string;
  readonly state: string;
  readonly due: Date | null;
  readonly ended_at: Date | null;
}
const deadlines = (id: string): Promise<Row[]> =>
  world.query<Row>('SELECT * FROM deadline WHERE aggregate_id = $1 ORDER BY started, clock', [id]);
const open = async (id: string): Promise<string[]> =>
  (await deadlines(id))
    .filter(({ ended_at }) => ended_at === null)
    .map(({ clock, due }) => `${clock} ${due ? shown(due.getTime()) : 'stands still'}`);

describe('the clocks of a warning that is issued', () => {
  it('run by the wall or by the office hours of its owner, from the move on', async () => {
    const id = await yellow();
    expect(await open(id)).toEqual([
      'ack 11-23 18:00',
      'expiry 12-07 12:00',
      'reassess 11-30 12:00',
      'verify 11-24 12:00',
    ]);
    const rows = await world.query(
      'SELECT DISTINCT tenant, area, unit, calendar, favour FROM deadline WHERE aggregate_id = $1',
      [id],
    );
    expect(rows).toEqual([{ tenant: TENANT, area: AREA, unit: AREA, calendar: AREA, favour: 'none' }]);
    const street = await red();
    expect(await open(street)).toEqual([
      'ack 11-23 12:10',
      'expiry 12-07 12:00',
      'reassess 11-24 12:00',
      'verify 11-23 12:30',
    ]);
    expect(await world.query('SELECT DISTINCT unit FROM deadline WHERE aggregate_id = $1', [street])).toEqual(
      [{ unit: AREA.slice(0, 9) }],
    );
  });

  it('leave a ledger of who turned them, when and why', async () => {
    const id = await yellow();
    world.now = NOW + HOUR;
    await act('acknowledge', id, {}, { principal: aPrincipal({ keyId: 'k-lead' }) });
    const ledger = await world.query(
      'SELECT kind, by_whom, reason, due FROM deadline_change WHERE deadline_id = $1 ORDER BY version',
      [deadlineIdOf(id, 'ack', 1)],
    );
    const due = new Date(at('2026-11-23 18:00'));
    expect(ledger).toEqual([
      { kind: 'arm', by_whom: 'system', reason: 'issued; response policy 2026-01', due },
      { kind: 'end', by_whom: 'k-lead', reason: 'acked', due },
    ]);
  });

  it('are armed by the transaction that issues it, or not at all', async () => {
    await world.arrive(someEvents(5));
    const [{ id } = { id: '' }] = await world.query<{ id: string }>('SELECT id FROM warning');
    const failing = world.tellTogether([
      { type: 'risk.issue-warning', id },
      { type: 'risk.no-such-command', id },
    ]);
    await expect(failing).rejects.toThrow('no handler');
    expect(await stand(id)).toMatchObject({ status: 'candidate' });
    expect(await open(id)).toEqual(['expiry 12-07 12:00']);
  });
});

describe('a warning that nobody answers', () => {
  it('climbs from yellow to red, one colour and one supervision level for each missed clock', async () => {
    const id = await yellow();
    await world.pass(at('2026-11-23 18:41'));
    expect(told(2)).toEqual([
      ...['ack half', 'ack most'],
      ...['supervised 1 for ack, notice 1', 'escalated'],
      ...['ack half', 'ack most', 'supervised 2 for ack, notice 1', 'escalated'],
      ...['ack half', 'ack most', 'supervised 3 for ack, notice 1'],
    ]);
    expect(await stand(id)).toEqual({ status: 'issued', level: 3, supervision: 3 });
    const escalated = world.facts.filter(({ type }) => type.includes('escalated'));
    expect(escalated.map(({ data }) => data)).toMatchObject([
      { from: 'yellow', colour: 'orange', cause: 'timeout' },
      { from: 'orange', colour: 'red', cause: 'timeout' },
    ]);
  });

  it('and is red stays red: it is told at the due time and as often again, each once, and stays open', async () => {
    const id = await red();
    const before = world.facts.length;
    await world.pass(NOW + 3 * HOUR);
    const ofAck = told(before).filter((line) => line.includes('ack'));
    expect(ofAck).toEqual([
      ...['ack half', 'ack most'],
      ...[1, 2, 3].map((notice) => `supervised 3 for ack, notice ${notice}`),
    ]);
    expect(told(before)).not.toContain('escalated');
    expect(await stand(id)).toEqual({ status: 'issued', level: 3, supervision: 3 });
    expect((await deadlines(id)).find(({ clock }) => clock === 'ack')).toMatchObject({
      state: 'fired',
      ended_at: null,
    });
    await world.pass(NOW + 3 * DAY);
    expect(told(before).filter((line) => line.includes('ack'))).toEqual(ofAck);
  });

  it('tells facts that fit their contracts; a reminder leaves its version as it is', async () => {
    const id = await yellow();
    await world.pass(at('2026-11-23 19:00'));
    for (const { type, data } of world.facts) {
      const contract = riskFacts.find((fact) => fact.type === type);
      expect(contract?.data.strict().parse(data)).toEqual(data);
    }
    expect(world.told().slice(0, 6)).toEqual([
      ...['candidate 1', 'issued 2', 'reminded 2', 'reminded 2', 'supervised 3', 'escalated 4'],
    ]);
    expect(await act('acknowledge', id, {}, { expectedVersion: 4 })).toBe('WRN_STALE');
  });

  it('in every state that waits for people: verifying, planning, reporting, looking at the colour again', async () => {
    const id = await yellow();
    const missed = async (until: string): Promise<string[]> => {
      const before = world.facts.length;
      await world.pass(at(until));
      return told(before).filter((line) => /supervised|escalated/u.test(line));
    };
    await act('acknowledge', id);
    expect(await missed('2026-11-24 12:00')).toEqual(['supervised 1 for verify, notice 1', 'escalated']);
    await act('verify', id, { result: 'confirmed', evidence: 'seen' });
    expect(await missed('2026-11-25 12:00')).toEqual(['supervised 2 for plan, notice 1', 'escalated']);
    await act('plan', id, { measures: ['talk'], people: ['Li'], due: '2026-12-01T12:00:00+08:00' });
    expect(await missed('2026-11-25 16:00')).toEqual(['supervised 3 for update, notice 1']);
    await act('update', id, { text: 'talked' });
    expect(await missed('2026-11-25 19:59')).toEqual([]);
    await act('update', id, { text: 'talked again' });
    expect(await missed('2026-11-25 23:58')).toEqual([]);
    await act('update', id, { text: 'and again' });
    expect(await open(id)).toEqual(['reassess 11-26 12:00', 'update 11-26 03:58']);
  });
});

describe('a missed clock', () => {
  /** Commands that the log took first, and what fired by then, handled together. */
  const together = async (id: string, now: string, verbs: readonly string[]) => {
    world.now = at(now);
    const firings = await world.firings();
    expect(firings.length).toBeGreaterThan(0);
    return world.tellTogether([
      ...verbs.map((verb) => ({ type: `risk.${verb}-warning`, id })),
      ...firings.map((data) => ({ type: 'risk.reach-deadline', id, data })),
    ]);
  };

  it('is none when the command came first, though both are handled after the due time (C-7)', async () => {
    const id = await yellow();
    await world.pass(at('2026-11-23 17:59'));
    expect(await together(id, '2026-11-23 18:01', ['acknowledge'])).toMatchObject([
      { resource: { status: 'acknowledged' } },
      { refusal: { code: 'WRN_CLOCK_OVER' } },
    ]);
    expect(await stand(id)).toEqual({ status: 'acknowledged', level: 1, supervision: 0 });
    expect((await deadlines(id)).find(({ clock }) => clock === 'ack')).toMatchObject({ state: 'cancelled' });
  });

  it('is judged by when the log took the command, not by when it was handled', async () => {
    const id = await yellow();
    const due = at('2026-11-23 18:00');
    await world.pass(due - 1);
    world.now = due + 5 * MINUTE;
    world.appendedAt = due;
    await act('acknowledge', id);
    expect((await deadlines(id)).find(({ clock }) => clock === 'ack')).toMatchObject({
      ended_at: new Date(due),
    });
  });

  it('escalates once, however many were missed while nobody looked, in the order of time', async () => {
    const id = await yellow();
    const before = world.facts.length;
    const answers = await together(id, '2026-12-01 13:00', []);
    expect(answers.filter((answer) => 'refusal' in answer).length).toBeGreaterThan(5);
    expect(told(before).slice(0, 2)).toEqual(['ack half', 'ack most']);
    expect(told(before).slice(-2)).toEqual(['supervised 1 for ack, notice 1', 'escalated']);
    expect(await open(id)).toContain('ack 12-01 13:30');
  });

  it('of a red warning is told for each rung, however late', async () => {
    const id = await red();
    const before = world.facts.length;
    await together(id, '2026-11-23 12:31', []);
    expect(told(before).filter((line) => line.includes('ack'))).toEqual([
      ...['ack half', 'ack most'],
      ...[1, 2, 3].map((notice) => `supervised 3 for ack, notice ${notice}`),
    ]);
  });

  it('does not escalate what a person or the score raised meanwhile', async () => {
    const id = await yellow();
    await world.pass(at('2026-11-23 17:59'));
    expect(await together(id, '2026-11-23 18:01', ['escalate'])).toMatchObject([
      { resource: { colour: 'orange' } },
      { refusal: { code: 'WRN_CLOCK_OVER' } },
    ]);
    expect(await stand(id)).toEqual({ status: 'issued', level: 2, supervision: 0 });
    expect(told().filter((line) => line === 'escalated')).toHaveLength(1);
  });

  it('is heard once: a firing that comes again changes nothing', async () => {
    const id = await yellow();
    world.now = at('2026-11-23 18:01');
    const firings = await world.firings();
    const again = [...firings, ...firings].map((data) => ({ type: 'risk.reach-deadline', id, data }));
    await world.tellTogether(again.slice(0, firings.length));
    const before = world.facts.length;
    await world.tellTogether(again.slice(firings.length));
    expect(told(before).filter((line) => line !== 'ack half' && line !== 'ack most')).toEqual([]);
  });
});

describe('clocks that are turned', () => {
  const due = '2026-12-01T12:00:00+08:00';

  it('stand still after hand-over, by whom and why, and end when the danger is gone', async () => {
    const id = await yellow();
    await act('acknowledge', id);
    await act('verify', id, { result: 'confirmed', evidence: 'seen' });
    await act('plan', id, { measures: ['talk'], people: ['Li'], due });
    await act('hand-over', id, { body: 'police', reference: '110-1' });
    expect(await open(id)).toEqual(['reassess stands still', 'update stands still']);
    const [row] = await world.query<{ suspensions: object[] }>(
      `SELECT suspensions FROM deadline WHERE clock = 'update' AND ended_at IS NULL`,
    );
    expect(row?.suspensions).toEqual([
      { from: NOW, to: null, reason: 'handed over to police', by: 'k-street' },
    ]);
    const before = world.facts.length;
    await world.pass(NOW + 40 * DAY);
    expect(told(before)).toEqual([]);
    await act('monitor', id, { evidence: 'the police settled it' });
    expect(await open(id)).toEqual(['visits 01-12 00:00']);
  });

  it('begin anew at the colour that it is lowered to', async () => {
    const id = await yellow();
    await act('acknowledge', id);
    await act('escalate', id);
    await act('verify', id, { result: 'confirmed', evidence: 'seen' });
    await act('plan', id, { measures: ['talk'], people: ['Li'], due });
    expect(await open(id)).toEqual(['reassess 11-26 12:00', 'update 11-24 12:00']);
    while (world.now < NOW + 18 * DAY) {
      await world.pass(world.now + 23 * HOUR);
      await act('update', id, { text: 'quiet', reassessed: true });
    }
    expect(await act('lower', id, { evidence: 'signed' })).toMatchObject({ colour: 'yellow' });
    expect(await open(id)).toEqual(['reassess 12-18 17:00', 'update 12-14 17:00']);
  });

  it('remind of each visit, and all are over when it is closed', async () => {
    const id = await yellow();
    await act('acknowledge', id);
    await act('verify', id, { result: 'confirmed', evidence: 'seen' });
    await act('plan', id, { measures: ['talk'], people: ['Li'], due });
    for (let day = 2; day < 20; day += 2) {
      await world.pass(NOW + day * DAY);
      await act('update', id, { text: 'quiet', reassessed: true });
    }
    await act('monitor', id, { evidence: 'signed' });
    const monitored = world.facts.length;
    for (const days of [7, 15, 30]) {
      await world.pass(NOW + (18 + days + 3) * DAY);
      await act('visit', id, { finding: 'quiet' });
    }
    expect(told(monitored)).toEqual([
      ...['visits most', 'visits due', 'visited', 'visits most', 'visits due', 'visited'],
      ...['visits most', 'visits due', 'visited'],
    ]);
    expect(await act('close', id, { outcome: 'resolved' })).toMatchObject({ status: 'closed' });
    expect(await open(id)).toEqual([]);
  });

  it('of many warnings are written by as many statements as those of one', async () => {
    let next = 0;
    const raised = async (count: number): Promise<number> => {
      const events = Array.from({ length: count }, () => {
        next += 1;
        const area = String(330_110_003_010 + next);
        return someEvents(3, { grid: `${area}-05`, area }, `m${next}`);
      });
      await world.take(events.flat());
      return world.deliverTogether();
    };
    await raised(1);
    const one = await raised(1);
    expect(await raised(40)).toBe(one);
    const rows = await world.query<{ n: number; armed: number }>(
      `SELECT count(*) AS n, (SELECT count(*) FROM deadline_change) AS armed FROM deadline`,
    );
    expect(rows).toEqual([{ n: 42 * 4, armed: 42 * 4 }]);
  });
});

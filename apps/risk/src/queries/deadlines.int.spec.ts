import { describe, expect, it } from '@jest/globals';
import { DeadlineExplanation, DeadlineList, type Principal } from '@linli/contracts';
import { MINUTE } from '@linli/kernel';
import { anEvent, aPrincipal, AREA, NOW, someEvents, type World } from '../risk.fixture.js';
import { worldForEachTest } from '../worlds.fixture.js';
import { deadlinesOfWarning, explainDeadline } from './deadlines.js';

let world: World;
worldForEachTest((empty) => (world = empty));

const asked = () => {
  const { database, deadlines, now } = world;
  return { database, deadlines, clock: { now: () => new Date(now) } };
};
const list = (id: string, principal: Principal = aPrincipal()) => deadlinesOfWarning(asked(), principal, id);
const explain = (id: string, principal: Principal = aPrincipal()) => explainDeadline(asked(), principal, id);
const newest = async (): Promise<string> => {
  const [row] = await world.query<{ id: string }>('SELECT id FROM warning');
  return row?.id ?? '';
};
const tell = (verb: string, id: string, data: object = {}) => world.tell(`risk.${verb}-warning`, id, data);
const one = async (id: string, clock: string) => {
  const { items } = DeadlineList.parse(await list(id));
  const found = items.findLast((item) => item.clock === clock);
  if (!found) throw new Error(`no ${clock}`);
  return found;
};
const code = async (work: Promise<unknown>): Promise<string> => {
  const error = await work.then(
    () => null,
    (thrown: { refusal: { code: string } }) => thrown,
  );
  return error?.refusal.code ?? 'found';
};

describe('the deadlines of a warning', () => {
  it('are shown with what is left, what was reached, and what a miss costs', async () => {
    await world.arrive(someEvents(3));
    const id = await newest();
    await world.pass(Date.parse('2026-11-23T16:30:00+08:00'));
    expect(await one(id, 'ack')).toMatchObject({
      ...{ state: 'running', unit: AREA, budget: { basis: 'working', amount: 4, unit: 'hours' } },
      ...{ due: '2026-11-23T10:00:00.000Z', remainingSeconds: 5_400, supervision: 1, provisional: false },
      rungs: [
        { name: 'half', at: '2026-11-23T08:00:00.000Z', reached: true },
        { name: 'most', reached: false },
        { name: 'due', reached: false },
        { name: 'twice', reached: false },
        { name: 'thrice', reached: false },
      ],
    });
    expect(await one(id, 'expiry')).toMatchObject({ state: 'running', supervision: null });
    await tell('acknowledge', id);
    expect(await one(id, 'ack')).toMatchObject({ state: 'ended', remainingSeconds: null, supervision: null });
  });

  it('are overdue until somebody ends them, and missed from then on', async () => {
    await world.arrive([anEvent({ id: 'gas', category: 'INF-01', confirmed: true })]);
    const id = await newest();
    await tell('issue', id);
    await world.pass(NOW + 12 * MINUTE);
    expect(await one(id, 'ack')).toMatchObject({ state: 'overdue', remainingSeconds: -120, supervision: 3 });
    await tell('acknowledge', id);
    expect(await one(id, 'ack')).toMatchObject({ state: 'missed', endedAt: '2026-11-23T04:12:00.000Z' });
  });

  it('say by whom and why they stand still', async () => {
    await world.arrive(someEvents(3));
    const id = await newest();
    await tell('acknowledge', id);
    await tell('verify', id, { result: 'confirmed', evidence: 'seen' });
    await tell('hand-over', id, { body: 'fire', reference: '119-4' });
    expect(await one(id, 'plan')).toMatchObject({
      ...{ state: 'suspended', due: null, remainingSeconds: null },
      suspended: { since: '2026-11-23T04:00:00.000Z', by: 'k-street', reason: 'handed over to fire' },
    });
  });

  it('are explained: intervals that sum to the budget, and who turned them when and why', async () => {
    await world.arrive(someEvents(3));
    const id = await newest();
    const { id: ack } = await one(id, 'ack');
    await tell('acknowledge', id);
    const explained = DeadlineExplanation.parse(await explain(ack));
    const counted = explained.intervals.filter(({ kind }) => kind === 'counted');
    expect(counted.reduce((sum, { seconds }) => sum + seconds, 0)).toBe(4 * 3_600);
    expect(explained.intervals[0]).toMatchObject({ kind: 'skipped', reason: 'outside office hours' });
    expect(explained.deadline).toMatchObject({ id: ack, state: 'ended' });
    expect(explained.ledger).toMatchObject([
      { version: 1, kind: 'arm', by: 'system', reason: 'issued; response policy 2026-01', adopted: true },
      { version: 2, kind: 'end', by: 'k-street', reason: 'acked' },
    ]);
  });

  it('are not there for who may not see the warning', async () => {
    await world.arrive(someEvents(3));
    const id = await newest();
    const { id: ack } = await one(id, 'ack');
    for (const principal of [aPrincipal({ areas: ['330106'] }), aPrincipal({ tenant: 'other' })]) {
      expect(await code(list(id, principal))).toBe('WRN_NOT_FOUND');
      expect(await code(explain(ack, principal))).toBe('DEADLINE_NOT_FOUND');
    }
    expect(await code(explain(ack, aPrincipal({ areas: [AREA] })))).toBe('found');
    expect(await code(explain(id))).toBe('DEADLINE_NOT_FOUND');
  });
});

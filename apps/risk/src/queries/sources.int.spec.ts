import { describe, expect, it } from '@jest/globals';
import { Credits, RiskSources } from '@linli/contracts';
import { DAY, HOUR, MINUTE } from '@linli/kernel';
import { anEvent, aPrincipal, NOW, someEvents, type World } from '../risk.fixture.js';
import { worldForEachTest } from '../worlds.fixture.js';
import { countSilentSources, silentSourcesAttention } from '../use-cases/silent-sources.js';
import { intakeView } from './intake-view.js';
import { riskCredits, riskSources } from './sources.js';

let world: World;
worldForEachTest((empty) => (world = empty));

const REGISTER = '00000000-0000-4000-8000-000000000000';
const everyone = aPrincipal();
const sources = async (who = everyone) => {
  const found = await riskSources(world.database, who, world.now);
  expect(RiskSources.parse(found)).toEqual(found);
  return found.items;
};

describe('a source', () => {
  /** Heard every hour, `n` times, the last time an hour ago. */
  const heardHourly = async (n: number): Promise<void> => {
    for (let i = n; i > 0; i -= 1) {
      await world.arrive([anEvent({ id: `h-${i}`, occurredAt: NOW - i * HOUR })], undefined, NOW - i * HOUR);
    }
  };

  it('shows when it was last heard, its usual pause, and that it is silent', async () => {
    await heardHourly(12);
    expect(await sources()).toMatchObject([
      {
        source: 'petition',
        lastHeardAt: new Date(NOW - HOUR).toISOString(),
        usualPauseMinutes: 60,
        expectedBy: new Date(NOW + HOUR).toISOString(),
        silentSince: null,
      },
    ]);
    world.now = NOW + HOUR + MINUTE;
    expect(await sources()).toMatchObject([{ silentSince: new Date(NOW - HOUR).toISOString() }]);
    expect(await sources(aPrincipal({ tenant: 'xihu' }))).toEqual([]);
  });

  it('is counted and named to operators, whatever its tenant; for a week, and looked up once in five minutes', async () => {
    await heardHourly(12);
    const parts = { database: world.database, clock: { now: () => new Date(world.now) } };
    const seen = async () => [await countSilentSources(parts), ...(await silentSourcesAttention(parts))];
    expect(await seen()).toEqual([0]);
    const sentence =
      'sources are silent that should have been heard: petition (yuhang): GET /v1/risk/sources';
    world.now = NOW + HOUR + MINUTE;
    expect(await seen()).toEqual([1, sentence]);
    await world.arrive([anEvent({ id: 'back' })]);
    expect(await seen()).toEqual([1, sentence]);
    world.now += 5 * MINUTE;
    expect(await seen()).toEqual([0]);
    world.now += 8 * DAY;
    expect(await seen()).toEqual([1]);
  });

  it('has no rhythm before ten pauses', async () => {
    await heardHourly(10);
    world.now = NOW + 30 * DAY;
    expect(await sources()).toMatchObject([{ expectedBy: null, silentSince: null, usualPauseMinutes: 60 }]);
  });

  it('is heard also by copies and by what is in quarantine, and noted once in five minutes', async () => {
    await world.arrive([anEvent({ category: 'NOISE' })]);
    await world.arrive([anEvent({ category: 'NOISE' })], undefined, NOW + MINUTE);
    await world.arrive([anEvent({ category: 'NOISE' })], undefined, NOW + 6 * MINUTE);
    expect(await world.query('SELECT heard_at FROM risk_heartbeat ORDER BY 1')).toEqual([
      { heard_at: new Date(NOW) },
      { heard_at: new Date(NOW + 5 * MINUTE) },
    ]);
    await world.arrive([anEvent({ category: 'NOISE' })], undefined, NOW + 61 * DAY);
    expect(await world.query('SELECT heard_at FROM risk_heartbeat')).toEqual([
      { heard_at: new Date(NOW + 61 * DAY) },
    ]);
  });
});

describe('the credibility of a source', () => {
  const verified = async (result: 'confirmed' | 'false' | 'unclear', category: string): Promise<string> => {
    await world.arrive([
      ...someEvents(3, { category }, category),
      anEvent({ id: category, category, source: 'chat', credibility: 0.3 }),
    ]);
    const [row] = await world.query<{ id: string }>('SELECT id FROM warning WHERE category = $1', [category]);
    const id = row?.id ?? '';
    await world.tell('risk.acknowledge-warning', id, {});
    await world.tell('risk.verify-warning', id, { result, evidence: 'seen' });
    return id;
  };
  const credits = async (who = everyone, source?: string) => {
    const found = await riskCredits(world.database, who, source);
    expect(Credits.parse(found)).toEqual(found);
    return found.items;
  };
  const means = async () =>
    Object.fromEntries((await sources()).map(({ source, credibility }) => [source, credibility.mean]));

  it('is lowered by a false alarm and raised by a confirmed warning, for all that it rested on', async () => {
    expect(await means()).toEqual({});
    const id = await verified('false', 'DSP-04');
    expect(await means()).toEqual({ chat: 3 / 11, petition: 8 / 11 });
    await verified('confirmed', 'DSP-08');
    await verified('unclear', 'ENV-04');
    const [chat, petition] = await sources();
    expect(chat?.credibility).toEqual({ default: 0.3, alpha: 4, beta: 8, mean: 4 / 12, right: 1, wrong: 1 });
    expect(petition?.credibility.mean).toBeCloseTo(9 / 12, 12);
    expect(await credits(everyone, 'petition')).toHaveLength(2);
    expect((await credits()).find(({ warning }) => warning === id)).toMatchObject({
      right: false,
      undone: null,
    });
  });

  it('turns over when a warning that was closed as a false alarm comes back and turns out to be one', async () => {
    const id = await verified('confirmed', 'DSP-04');
    const plan = { measures: ['talk'], people: ['Li'], due: new Date(NOW + DAY).toISOString() };
    await world.tell('risk.plan-warning', id, plan);
    const right = async () => (await credits(everyone, 'petition')).map((credit) => credit.right);
    const closed = async (outcome: object) => {
      await world.tell('risk.hand-over-warning', id, { body: 'police', reference: '110-1' });
      await world.tell('risk.monitor-warning', id, { evidence: 'over' });
      for (const days of [7, 15, 30]) {
        world.now += days * DAY;
        await world.tell('risk.visit-warning', id, { finding: 'quiet' });
      }
      return (await world.tell('risk.close-warning', id, outcome)).refusal;
    };
    expect([await closed({ outcome: 'false_alarm' }), await right()]).toEqual([null, [false]]);
    await world.tell('risk.reopen-warning', id, {});
    const happenedAt = new Date(world.now).toISOString();
    expect([await closed({ outcome: 'event', happenedAt }), await right()]).toEqual([null, [true]]);
  });

  it('is what the gateway believes from then on', async () => {
    await verified('false', 'DSP-04');
    const { credibilities } = await intakeView(world.database, everyone);
    expect(credibilities).toEqual({ chat: 3 / 11, petition: 8 / 11 });
  });

  it('comes back when somebody undoes what a warning taught, and it stays visible who and why', async () => {
    const id = await verified('false', 'DSP-04');
    const undo = (over: object = {}) =>
      world.tell('risk.undo-credit', REGISTER, {
        source: 'petition',
        warning: id,
        reason: 'a drill',
        ...over,
      });
    expect((await undo({ source: 'police' })).refusal).toMatchObject({
      code: 'RSK_CREDIT_NOT_FOUND',
      kind: 'not-found',
    });
    expect((await undo({ reason: ' ' })).refusal?.code).toBe('BODY_INVALID');
    expect((await undo()).resource).toMatchObject({ undone: { by: 'Street duty', reason: 'a drill' } });
    expect((await undo()).refusal?.code).toBe('RSK_CREDIT_NOT_FOUND');
    expect(await means()).toEqual({ chat: 3 / 11, petition: 0.8 });
    expect(await credits(everyone, 'petition')).toMatchObject([
      { right: false, undone: { by: 'Street duty', reason: 'a drill' } },
    ]);
  });

  it('shows what it rests on to those who see the warnings', async () => {
    await verified('false', 'DSP-04');
    expect(await credits(aPrincipal({ areas: ['330106'] }))).toEqual([]);
    expect(await credits(aPrincipal({ tenant: 'xihu' }))).toEqual([]);
    expect(await credits(aPrincipal({ areas: ['330110'] }))).toHaveLength(2);
  });
});

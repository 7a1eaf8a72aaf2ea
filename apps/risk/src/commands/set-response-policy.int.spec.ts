import { describe, expect, it } from '@jest/globals';
import { DeadlineExplanation, ResponsePolicies, ResponsePolicySet, WhatIf } from '@linli/contracts';
import { whatIf, WorkingCalendars, postgresCalendarStore } from '@linli/deadlines';
import { HOUR, MINUTE, Refused } from '@linli/kernel';
import type { Transaction } from '@linli/store';
import { eventually } from '@linli/testing';
import { explainDeadline } from '../queries/deadlines.js';
import { policiesOf, policyDifference } from '../queries/response-policies.js';
import { anEvent, aPrincipal, GRID, NOW, someEvents, TENANT, type World } from '../risk.fixture.js';
import { deadlineIdOf } from '../store/identity.js';
import { responsePolicies } from '../store/response-policies.js';
import { worldForEachTest } from '../worlds.fixture.js';

let world: World;
worldForEachTest((empty) => (world = empty));

const REGISTER = '00000000-0000-4000-8000-000000000000';
const calendars = new WorkingCalendars<Transaction>(postgresCalendarStore);
const minutes = (amount: number) => ({ basis: 'wall', amount, unit: 'minutes' }) as const;
const policy = (clocks: object, version = '2027') => ({ version, source: 'street order 7', clocks });

const set = (body: object, over: object = {}) => world.tell('risk.set-response-policy', REGISTER, body, over);
const done = async (body: object, over: object = {}): Promise<ResponsePolicySet> =>
  ResponsePolicySet.parse((await set(body, over)).resource);
const foreseen = async (body: ReturnType<typeof policy>): Promise<ResponsePolicySet> => {
  const { database, deadlines } = world;
  const seen = await policyDifference({ database, deadlines }, aPrincipal(), body);
  return ResponsePolicySet.parse(seen);
};
const act = (verb: string, id: string, data: object = {}) => world.tell(`risk.${verb}-warning`, id, data);
const idOf = async (category: string, tenant = TENANT, grid = GRID): Promise<string> => {
  const which = 'SELECT id FROM warning WHERE category = $1 AND tenant = $2 AND scope_name = $3';
  return (await world.query<{ id: string }>(which, [category, tenant, grid]))[0]?.id ?? '';
};
const NEXT_GRID = '330110003012-06';
const gas = (grid = GRID) => anEvent({ id: grid, category: 'INF-01', confirmed: true, grid });
/** A confirmed gas leak: red, issued at noon. */
const red = async (grid = GRID): Promise<string> => {
  await world.arrive([gas(grid)]);
  const id = await idOf('INF-01', TENANT, grid);
  await world.tell('risk.issue-warning', id, {}, { principal: aPrincipal({ keyId: 'k-duty' }) });
  return id;
};
const yellow = async (tenant = TENANT): Promise<string> => {
  await world.arrive(someEvents(3), tenant);
  return idOf('DSP-04', tenant);
};
interface Row {
  readonly clock: string;
  readonly due: Date | null;
  readonly state: string;
}
const deadline = async (id: string, clock: string, run = 1): Promise<Row | undefined> =>
  (await world.query<Row>('SELECT * FROM deadline WHERE id = $1', [deadlineIdOf(id, clock, run)]))[0];
const dueOf = async (id: string, clock: string): Promise<number> =>
  ((await deadline(id, clock))?.due?.getTime() ?? NaN) - NOW;

describe('a response policy that is set', () => {
  it('moves the running clocks of its colours as was foreseen, and starts the next ones', async () => {
    const [street, community] = [await red(), await yellow()];
    expect(await dueOf(street, 'verify')).toBe(30 * MINUTE);
    const order = policy({ verify: { red: minutes(20) }, plan: { red: minutes(90) } });
    const dry = await foreseen(order);
    expect(await dueOf(street, 'verify')).toBe(30 * MINUTE);
    const made = await done(order);
    expect(made).toMatchObject({ dryRun: false, moving: 1, earlier: 1, later: 0, late: 0 });
    const { deadlines, moving, earlier, later, policy: after } = dry;
    expect({ deadlines, moving, earlier, later }).toEqual({
      ...{ deadlines: made.deadlines, moving: made.moving, earlier: made.earlier, later: made.later },
    });
    expect(after.clocks).toEqual(made.policy.clocks);
    expect(await dueOf(street, 'verify')).toBe(20 * MINUTE);
    expect(await dueOf(street, 'ack')).toBe(10 * MINUTE);
    expect(await dueOf(community, 'verify')).toBe(24 * HOUR);
    expect(await dueOf(await red(NEXT_GRID), 'verify')).toBe(20 * MINUTE);
    await act('acknowledge', street);
    await act('verify', street, { result: 'confirmed', evidence: 'gas in the hall' });
    expect(await dueOf(street, 'plan')).toBe(90 * MINUTE);
  });

  it('moves what a what-if of the operators said', async () => {
    await red();
    await yellow();
    const order = WhatIf.parse({ change: 'policy', clock: 'verify', budget: minutes(25) });
    const seen = await world.database.readAs(aPrincipal(), (tx) =>
      whatIf({ sla: world.deadlines.sla, calendars }, tx, aPrincipal(), order),
    );
    const all = { red: minutes(25), orange: minutes(25), yellow: minutes(25) };
    const { deadlines, moving } = await done(policy({ verify: all }));
    expect(moving).toBe(2);
    expect(seen).toMatchObject({ moving: 2, deadlines });
  });

  it('keeps what a deadline went through, and its explanation still sums to the budget', async () => {
    const id = await yellow();
    world.now = NOW + HOUR;
    await act('acknowledge', id);
    await act('verify', id, { result: 'confirmed', evidence: 'seen' });
    world.now = NOW + 2 * HOUR;
    const clock = deadlineIdOf(id, 'reassess', 2);
    const pause = { kind: 'pause', from: NOW + 2 * HOUR, until: NOW + 5 * HOUR } as const;
    await world.database.transaction('http', (tx) =>
      world.deadlines.amend(
        { tx, appendedAt: new Date(world.now), afterCommit: () => undefined },
        TENANT,
        [clock],
        pause,
        { by: 'k-lead', reason: 'flood' },
      ),
    );
    const before = await deadline(id, 'reassess', 2);
    await done(policy({ reassess: { yellow: { basis: 'wall', amount: 4, unit: 'days' } } }));
    const { database, deadlines } = world;
    const asked = { database, deadlines, clock: { now: () => new Date(world.now) } };
    const explained = DeadlineExplanation.parse(await explainDeadline(asked, aPrincipal(), clock));
    const sum = (kind: string): number =>
      explained.intervals
        .filter((one) => one.kind === kind)
        .reduce((seconds, one) => seconds + one.seconds, 0);
    expect([sum('counted'), sum('suspended')]).toEqual([96 * 3_600, 3 * 3_600]);
    expect(before?.due?.getTime()).toBe(NOW + HOUR + (7 * 24 + 3) * HOUR);
    expect((await deadline(id, 'reassess', 2))?.due?.getTime()).toBe(NOW + HOUR + (96 + 3) * HOUR);
    expect(explained.ledger).toMatchObject([
      { kind: 'arm', reason: 'verified; response policy 2026-01' },
      { kind: 'pause', by: 'k-lead', reason: 'flood' },
      { kind: 'change', by: 'k-street', reason: 'response policy 2027', adopted: true },
    ]);
  });

  it('lets fire what became late, once, and leaves what was missed', async () => {
    const id = await red();
    await world.pass(NOW + 13 * MINUTE);
    const missed = await deadline(id, 'ack');
    expect(missed).toMatchObject({ state: 'fired', due: new Date(NOW + 10 * MINUTE) });
    const since = world.told().length;
    const made = await done(policy({ ack: { red: minutes(20) }, verify: { red: minutes(12) } }));
    expect(made).toMatchObject({
      moving: 1,
      earlier: 1,
      late: 1,
      deadlines: [{ clock: 'verify', late: true }],
    });
    expect(await deadline(id, 'ack')).toEqual(missed);
    await world.pass(NOW + 14 * MINUTE);
    expect(await deadline(id, 'verify')).toMatchObject({ state: 'fired' });
    const told = world.facts.slice(since).map(({ type, data }) => {
      const { clock, rung } = data as { clock?: string; rung?: string };
      return `${type.split('.')[3]} ${clock} ${rung ?? ''}`.trim();
    });
    expect(told).toEqual(['reminded verify half', 'reminded verify most', 'supervised verify']);
  });

  it('is none of another tenant’s', async () => {
    const [mine, theirs] = [await yellow(), await yellow('xihu')];
    await done(policy({ verify: { yellow: minutes(240) } }));
    expect(await dueOf(mine, 'verify')).toBe(4 * HOUR);
    expect(await dueOf(theirs, 'verify')).toBe(24 * HOUR);
    const seen = (tenant: string) => policiesOf(world.database, aPrincipal({ tenant }));
    expect((await seen('xihu')).inForce.version).toBe('2026-01');
    await done(policy({ ack: { yellow: minutes(300) } }), {
      tenant: 'xihu',
      principal: aPrincipal({ tenant: 'xihu' }),
    });
    expect(await dueOf(mine, 'ack')).not.toBe(5 * HOUR);
    expect(await dueOf(theirs, 'ack')).toBe(5 * HOUR);
  });

  it('stands with its source and who set it, and with what it left as it was', async () => {
    await done(policy({ verify: { red: minutes(20) } }));
    await done(policy({ ack: { red: minutes(5) } }, '2028'));
    const { inForce, history } = ResponsePolicies.parse(await policiesOf(world.database, aPrincipal()));
    expect(history.map(({ version, setBy }) => [version, setBy])).toEqual([
      ['2028', 'k-street'],
      ['2027', 'k-street'],
      ['2026-01', null],
    ]);
    expect(inForce).toMatchObject({
      ...{ version: '2028', source: 'street order 7', validFrom: new Date(NOW).toISOString() },
      clocks: { ack: { red: minutes(5) }, verify: { red: minutes(20) } },
    });
  });

  it('is refused when it is no policy, and nothing has changed', async () => {
    const id = await red();
    await done(policy({ update: { red: minutes(200) } }));
    const codeOf = async (body: object): Promise<unknown> => (await set(body)).refusal?.code;
    expect(await codeOf(policy({ verify: { red: minutes(20) } }))).toBe('RSK_POLICY_VERSION');
    expect(await codeOf(policy({ verify: { red: minutes(20) } }, '2026-01'))).toBe('RSK_POLICY_VERSION');
    expect((await set(policy({ verify: { red: minutes(121) } }, 'c'))).refusal).toMatchObject({
      ...{ code: 'RSK_POLICY_ORDER', kind: 'invalid' },
      flaws: [{ pointer: '/clocks/verify/orange', detail: 'gives less time than red' }],
    });
    const unfit = [
      policy({}, 'd'),
      policy({ verify: {} }, 'd'),
      policy({ visits: { red: minutes(5) } }, 'd'),
      policy({ verify: { green: minutes(5) } }, 'd'),
      policy({ verify: { red: minutes(0) } }, 'd'),
      policy({ verify: { red: { basis: 'wall', amount: 367, unit: 'days' } } }, 'd'),
      { ...policy({ verify: { red: minutes(20) } }, 'd'), source: ' ' },
    ];
    for (const body of unfit) expect(await codeOf(body)).toBe('BODY_INVALID');
    const dry = foreseen(policy({ verify: { red: minutes(121) } }, 'c'));
    await expect(dry).rejects.toBeInstanceOf(Refused);
    expect(await dueOf(id, 'verify')).toBe(30 * MINUTE);
    expect((await policiesOf(world.database, aPrincipal())).history).toHaveLength(2);
  });
});

describe('a response policy in a chunk of commands', () => {
  it('moves the clocks that the commands before it started, and starts those after it', async () => {
    await world.arrive([gas(), gas(NEXT_GRID)]);
    const [before, after] = [await idOf('INF-01'), await idOf('INF-01', TENANT, NEXT_GRID)];
    const answers = await world.tellTogether([
      { type: 'risk.issue-warning', id: before },
      { type: 'risk.set-response-policy', id: REGISTER, data: policy({ verify: { red: minutes(20) } }) },
      { type: 'risk.issue-warning', id: after },
    ]);
    expect(answers[1]).toMatchObject({ resource: { moving: 1 } });
    expect([await dueOf(before, 'verify'), await dueOf(after, 'verify')]).toEqual([20 * MINUTE, 20 * MINUTE]);
    const reasons = await world.query<{ reason: string }>(
      `SELECT reason FROM deadline_change WHERE kind = 'arm' AND deadline_id = $1`,
      [deadlineIdOf(after, 'verify', 1)],
    );
    expect(reasons).toEqual([{ reason: 'issued; response policy 2027' }]);
  });

  it('takes back a firing that the next command would have heard', async () => {
    const id = await red();
    world.now = NOW + 10 * MINUTE;
    const firings = await world.firings();
    const [due] = firings.filter((one) => (one as { clock: string; level: number }).level === 1);
    const answers = await world.tellTogether([
      { type: 'risk.set-response-policy', id: REGISTER, data: policy({ ack: { red: minutes(15) } }) },
      { type: 'risk.reach-deadline', id, data: due ?? {} },
    ]);
    expect(answers).toMatchObject([{ resource: { moving: 1 } }, { refusal: { code: 'WRN_CLOCK_OVER' } }]);
    expect(await deadline(id, 'ack')).toMatchObject({ state: 'armed' });
    await world.pass(NOW + 15 * MINUTE);
    expect(await deadline(id, 'ack')).toMatchObject({ state: 'fired' });
  });

  it('is set when those who work by the one before are done', async () => {
    const table = `SELECT FROM pg_locks WHERE relation = 'risk_response_policy'::regclass`;
    const waiting = async (): Promise<boolean> => (await world.query(`${table} AND NOT granted`)).length > 0;
    let isSet = false;
    const { setting } = await world.database.transaction('http', async (tx) => {
      await responsePolicies.inForce(tx, [TENANT]);
      const begun = done(policy({ verify: { red: minutes(20) } })).finally(() => (isSet = true));
      await eventually(waiting, { what: 'the policy to wait' });
      expect(isSet).toBe(false);
      return { setting: begun };
    });
    expect((await setting).policy.version).toBe('2027');
  });
});

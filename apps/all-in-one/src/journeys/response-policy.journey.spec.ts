import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type {
  DeadlineExplanation,
  DeadlineList,
  DeadlineView,
  ResponsePolicies,
  ResponsePolicySet,
} from '@linli/contracts';
import { MINUTE } from '@linli/kernel';
import { eventually } from '@linli/testing';
import type { Client } from './client.js';
import { anEvent, freshArea } from './events.js';
import { modes, startSystem, type System } from './system.js';

const scopes = ['risk:write', 'risk:read', 'warnings:read', 'warnings:write', 'areas:write'];
const PATH = '/v1/risk/response-policy';
const minutes = (amount: number) => ({ basis: 'wall', amount, unit: 'minutes' });

describe.each(modes)('a response policy, %s', (mode) => {
  let system: System | null;

  beforeAll(async () => {
    system = await startSystem(mode);
  }, 120_000);
  afterAll(() => system?.stop());

  const tenant = async (bootstrap: Client, name: string, areas?: readonly string[]): Promise<Client> => {
    const { body } = await bootstrap.post<{ key: string }>('/v1/api-keys', {
      name,
      tenant: name,
      scopes,
      areas,
    });
    return bootstrap.as(body.key);
  };
  /** A yellow warning, issued. */
  const warned = async (client: Client, area: string): Promise<string> => {
    await client.post(
      '/v1/risk-events',
      [0, 0, 0].map((ageDays) => anEvent({ area, ageDays })),
    );
    return eventually(async () => {
      const { body } = await client.get<{ items: { id: string }[] }>(
        `/v1/warnings?area=${area}&status=issued`,
      );
      if (!body.items[0]) throw new Error('no warning yet');
      return body.items[0].id;
    });
  };
  const verifying = async (client: Client, id: string): Promise<DeadlineView> => {
    const { body } = await client.get<DeadlineList>(`/v1/warnings/${id}/deadlines`);
    const found = body.items.find(({ clock }) => clock === 'verify');
    if (!found) throw new Error('no clock of verification');
    return found;
  };
  const given = ({ due, startedAt }: DeadlineView): number => Date.parse(due ?? '') - Date.parse(startedAt);

  it('is foreseen, set, and moves the deadlines of its tenant as was foreseen', async () => {
    if (!system) return;
    const { client: bootstrap } = system;
    const area = freshArea();
    const [own, other] = [await tenant(bootstrap, `a-${area}`), await tenant(bootstrap, `b-${area}`)];
    const [mine, theirs] = [await warned(own, area), await warned(other, area)];
    const order = { version: 'street-7', source: 'order 7', clocks: { verify: { yellow: minutes(300) } } };

    const dry = await own.post<ResponsePolicySet>(`${PATH}?dryRun=true`, order);
    expect(dry).toMatchObject({ status: 200, body: { dryRun: true, moving: 1, earlier: 1, late: 0 } });
    expect(given(await verifying(own, mine))).toBe(24 * 60 * MINUTE);
    const set = await own.post<ResponsePolicySet>(PATH, order, { prefer: 'wait=10' });
    expect(set).toMatchObject({ status: 200, body: { dryRun: false, deadlines: dry.body.deadlines } });
    const moved = await verifying(own, mine);
    expect(given(moved)).toBe(300 * MINUTE);
    expect(given(await verifying(other, theirs))).toBe(24 * 60 * MINUTE);

    const { body: why } = await own.get<DeadlineExplanation>(`/v1/deadlines/${moved.id}/explanation`);
    const counted = why.intervals.filter(({ kind }) => kind === 'counted');
    expect(counted.reduce((sum, { seconds }) => sum + seconds, 0)).toBe(300 * 60);
    expect(why.ledger.map(({ kind, reason }) => [kind, reason])).toEqual([
      ['arm', 'issued; response policy 2026-01'],
      ['change', 'response policy street-7'],
    ]);
    expect(given(await verifying(own, await warned(own, freshArea())))).toBe(300 * MINUTE);
    const { body: all } = await own.get<ResponsePolicies>(PATH);
    expect(all.history.map(({ version }) => version)).toEqual(['street-7', '2026-01']);
    expect((await other.get<ResponsePolicies>(PATH)).body.inForce.version).toBe('2026-01');
  });

  it('is refused to a key that is limited to areas, and when it asks more haste of a lower colour', async () => {
    if (!system) return;
    const area = freshArea();
    const own = await tenant(system.client, `c-${area}`);
    const limited = await tenant(system.client, `c-${area}`, [area]);
    const hasty = { version: 'x', source: 'y', clocks: { verify: { orange: minutes(20) } } };
    for (const path of [PATH, `${PATH}?dryRun=true`]) {
      expect(await limited.post(path, hasty)).toMatchObject({
        status: 403,
        body: { code: 'GTW_AREA_LIMITED' },
      });
      expect(await own.post(path, hasty)).toMatchObject({ status: 422, body: { code: 'RSK_POLICY_ORDER' } });
    }
    expect((await own.get<ResponsePolicies>(PATH)).body.history).toHaveLength(1);
  });
});

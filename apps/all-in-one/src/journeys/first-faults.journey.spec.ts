import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@linli/testing';
import { createServer, type AddressInfo } from 'node:net';
import { Pool } from 'pg';
import { anEvent, freshArea } from './events.js';
import { spawnLinli, type Spawned } from './spawned.js';
import { groundOf, KEY, type Ground } from './system.js';

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });

/** Posts until it is answered: what a careful sender does when the gateway dies under it. */
const postUntilAccepted = async (url: () => string, events: readonly unknown[]): Promise<number> => {
  for (let attempt = 1; ; attempt += 1) {
    const response = await fetch(`${url()}/v1/risk-events`, {
      method: 'POST',
      headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify(events),
      signal: AbortSignal.timeout(10_000),
    }).catch(() => null);
    if (response?.status === 202) return attempt;
    if (attempt > 200) throw new Error(`not accepted: ${String(response?.status)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
};

describe('when processes are killed, on Kafka and PostgreSQL', () => {
  let ground: Ground | null;
  let database: Pool;
  let riskPort: number;
  let gatewayPort: number;
  let risk: Spawned;
  let gateway: Spawned;

  const startRisk = (failpoint?: string): Promise<Spawned> =>
    spawnLinli({
      ...ground?.environment,
      SERVICES: 'risk',
      LINLI_SERVICE_PORT: String(riskPort),
      ...(failpoint ? { LINLI_FAILPOINT: failpoint } : {}),
    });
  const startGateway = (): Promise<Spawned> =>
    spawnLinli({
      ...ground?.environment,
      SERVICES: 'gateway',
      LINLI_PORT: String(gatewayPort),
      RISK_URL: `http://127.0.0.1:${riskPort}`,
    });

  beforeAll(async () => {
    ground = await groundOf('real');
    if (!ground) return;
    [riskPort, gatewayPort] = [await freePort(), await freePort()];
    database = new Pool({ connectionString: ground.environment['DATABASE_URL'], max: 2 });
    risk = await startRisk();
    gateway = await startGateway();
  }, 120_000);
  afterAll(async () => {
    if (!ground) return;
    gateway.kill('SIGTERM');
    risk.kill('SIGTERM');
    await Promise.all([gateway.ended, risk.ended]);
    await database.end();
    await ground.stop();
  });

  /** 20 areas with 30 batches of 20 events over them; every area gets enough for a warning. */
  const load = (): { source: string; batches: Record<string, unknown>[][] } => {
    const source = `fault-${freshArea()}`;
    const areas = Array.from({ length: 20 }, freshArea);
    const batches = Array.from({ length: 30 }, () => areas.map((area) => ({ ...anEvent({ area }), source })));
    return { source, batches };
  };
  const rows = async <R>(sql: string, parameters: unknown[]): Promise<R[]> =>
    (await database.query(sql, parameters)).rows as R[];
  /** Judged on the rows of the database, not on the system's own word. */
  const onceEach = async (source: string, batches: readonly Record<string, unknown>[][]): Promise<void> => {
    const sent = batches.flat();
    await eventually(
      async () => {
        const found = await rows<{ id: string }>(
          'select id from risk.risk_event where source = $1 order by id',
          [source],
        );
        expect(found.map(({ id }) => id).toSorted()).toEqual(sent.map(({ id }) => String(id)).toSorted());
        return true;
      },
      { withinMs: 60_000 },
    );
    const areas = [...new Set(sent.map((event) => String(event['area'])))];
    const warnings = await eventually(
      async () => {
        const found = await rows<{ area: string; colour: string }>(
          'select area, level from risk.warning where area = any($1)',
          [areas],
        );
        expect(found).toHaveLength(areas.length);
        return found;
      },
      { withinMs: 60_000 },
    );
    expect(new Set(warnings.map(({ area }) => area)).size).toBe(areas.length);
    await eventually(async () => {
      const behind = await rows('select topic, part from risk.stream where published_seq < last_seq', []);
      expect(behind).toEqual([]);
      return true;
    });
  };

  it.each(['before-commit', 'after-commit', 'after-publish'])(
    'the risk service killed %s: every accepted event is stored once, every warning exists once',
    async (point) => {
      if (!ground) return;
      risk.kill('SIGTERM');
      await risk.ended;
      risk = await startRisk(`${point}:3:kill`);
      const { source, batches } = load();
      for (const batch of batches) await postUntilAccepted(() => gateway.url ?? '', batch);
      expect(await risk.ended).toBe('SIGKILL');
      risk = await startRisk();
      await onceEach(source, batches);
    },
    180_000,
  );

  it('the gateway killed with requests in the air: the sender posts again, nothing is lost or doubled', async () => {
    if (!ground) return;
    const { source, batches } = load();
    const sending = Promise.all(batches.map((batch) => postUntilAccepted(() => gateway.url ?? '', batch)));
    for (let kills = 0; kills < 2; kills += 1) {
      gateway.kill('SIGKILL');
      expect(await gateway.ended).toBe('SIGKILL');
      gateway = await startGateway();
    }
    const attempts = await sending;
    expect(attempts.some((needed) => needed > 1)).toBe(true);
    await onceEach(source, batches);
  }, 180_000);
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freePort } from '@linli/store';
import { BOOTSTRAP_KEY, eventually, type LinliProgram } from '@linli/testing';
import { setTimeout as pause } from 'node:timers/promises';
import { Pool } from 'pg';
import { anEvent, freshArea } from './events.js';
import { RoundRobin } from './round-robin.js';
import { spawnLinli } from './spawned.js';
import { groundOf, type Ground } from './system.js';

const STOP_WITHIN_MS = 25_000;

/** A service with an address of its own, that can be started anew at it. */
interface Post {
  readonly name: string;
  readonly port: number;
  process: LinliProgram;
}

describe('a rolling restart under load, two gateways and two risk services on Kafka and PostgreSQL', () => {
  const source = `rolling-${freshArea()}`;
  let ground: Ground | null;
  let database: Pool;
  let risks: Post[];
  let gateways: Post[];
  let client: RoundRobin;

  const startRisk = (port: number): Promise<LinliProgram> =>
    spawnLinli({ ...ground?.environment, SERVICES: 'risk', LINLI_SERVICE_PORT: String(port) });
  const startGateway = (port: number, riskPort: number): Promise<LinliProgram> =>
    spawnLinli({
      ...ground?.environment,
      SERVICES: 'gateway',
      LINLI_PORT: String(port),
      LINLI_DRAIN_MS: '3000',
      RISK_URL: `http://127.0.0.1:${riskPort}`,
    });
  const posted = async (name: string, start: (port: number) => Promise<LinliProgram>): Promise<Post> => {
    const port = await freePort();
    return { name, port, process: await start(port) };
  };

  beforeAll(async () => {
    ground = await groundOf('real');
    if (!ground) return;
    database = new Pool({ connectionString: ground.environment['DATABASE_URL'], max: 2 });
    database.on('error', () => undefined);
    risks = [await posted('risk a', startRisk), await posted('risk b', startRisk)];
    gateways = await Promise.all(
      risks.map((risk, n) => posted(`gateway ${n}`, (port) => startGateway(port, risk.port))),
    );
    client = new RoundRobin(
      gateways.map(({ port }) => `http://127.0.0.1:${port}`),
      BOOTSTRAP_KEY,
    );
  }, 120_000);
  afterAll(async () => {
    if (!ground) return;
    await client.close();
    const all = [...gateways, ...risks].map(({ process }) => process);
    for (const one of all) one.kill('SIGTERM');
    await Promise.all(all.map(({ ended }) => ended));
    await database.end();
    await ground.stop();
  });

  const ids = async (): Promise<string[]> => {
    const found = await database.query<{ id: string }>('select id from risk.risk_event where source = $1', [
      source,
    ]);
    return found.rows.map(({ id }) => id).toSorted();
  };

  /** Ends a process by SIGTERM while requests are on their way, and starts it anew at its address. */
  const restart = async (post: Post, start: () => Promise<LinliProgram>): Promise<number> => {
    const began = performance.now();
    post.process.kill('SIGTERM');
    expect([post.name, await post.process.ended]).toEqual([post.name, 'exit code 0']);
    const took = performance.now() - began;
    expect(post.process.output()).not.toMatch(/did not stop|could not stop|a step of the stop failed/u);
    post.process = await start();
    return took;
  };

  it('loses no request and no event, and every process drains in time', async () => {
    if (!ground) return;
    const areas = Array.from({ length: 6 }, freshArea);
    const sent: string[] = [];
    const answers: string[] = [];
    const ending = new AbortController();
    const sender = async (): Promise<void> => {
      while (!ending.signal.aborted) {
        const events = areas.map((area) => anEvent({ area, source }));
        sent.push(...events.map((event) => String(event['id'])));
        answers.push(await client.post('/v1/risk-events', events));
        await pause(50);
      }
    };
    const load = Promise.all(Array.from({ length: 4 }, sender));
    const tookMs: number[] = [];
    const roll = async (post: Post, start: () => Promise<LinliProgram>): Promise<void> => {
      const answered = answers.length;
      tookMs.push(await restart(post, start));
      expect(answers.length).toBeGreaterThan(answered);
    };
    try {
      const [risk, other] = risks as [Post, Post];
      await roll(risk, () => startRisk(risk.port));
      for (const [n, gateway] of gateways.entries()) {
        await roll(gateway, () => startGateway(gateway.port, (risks[n] ?? other).port));
        await client.sees(`http://127.0.0.1:${gateway.port}`);
      }
    } finally {
      ending.abort();
      await load;
    }
    expect(Math.max(...tookMs)).toBeLessThan(STOP_WITHIN_MS);
    expect(new Set(answers)).toEqual(new Set(['202']));
    expect(client.duringDrain).toBeGreaterThan(0);
    await eventually(async () => expect(await ids()).toEqual(sent.toSorted()) ?? true, { withinMs: 30_000 });
  }, 240_000);

  it('after kill -9 of all predecessors, a risk service that says it is ready consumes every partition', async () => {
    if (!ground) return;
    for (const { process } of risks) process.kill('SIGKILL');
    expect(await Promise.all(risks.map(({ process }) => process.ended))).toEqual(
      Array(2).fill('signal SIGKILL'),
    );
    const [risk, other] = risks as [Post, Post];
    risk.process = await startRisk(risk.port);
    const url = `http://127.0.0.1:${risk.port}`;
    await eventually(async () => (await fetch(`${url}/readyz`)).status === 200, { withinMs: 30_000 });
    const page = await (await fetch(`${url}/metrics`)).text();
    expect(page).toContain('linli_consumer_joining{service="risk"} 0\n');
    expect(page.match(/^linli_consumer_lag_records\{/gmu)).toHaveLength(24);
    other.process = await startRisk(other.port);
  }, 240_000);
});

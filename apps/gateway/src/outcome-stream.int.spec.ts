import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Command, Outcome } from '@linli/contracts';
import { eventually } from '@linli/testing';
import { WebSocketServer } from 'ws';
import { startWorld, type World } from './gateway.fixture.js';

const ID = '5b2c7f6e-7c1e-5d52-9a3d-0d8a0c6f8a11';

const done = ({ commandId, tenant, requestHash, aggregateId }: Command): Outcome => ({
  ...{ commandId, tenant, requestHash, aggregateId, status: 'done', refusal: null },
  ...{ resource: { id: ID, status: 'acknowledged' }, aggregateVersion: 4 },
  completedAt: '2026-11-23T01:00:00.000Z',
});

describe('a gateway that listens to the outcomes of a service', () => {
  let world: World;
  beforeAll(async () => void (world = await startWorld()));
  afterAll(() => world.close());

  const acknowledge = (headers: Record<string, string> = {}): Promise<Response> =>
    world.post(`/v1/warnings/${ID}/acknowledge`, { note: 'seen' }, { 'if-match': '"3"', ...headers });
  const asked = (): string[] => world.risk.asked.filter((url) => url.startsWith('/internal/outcomes/'));
  const waiters = async (): Promise<string | undefined> =>
    /^linli_outcome_waiters\{service="gateway"\} (\d+)$/mu.exec(
      await (await fetch(`${world.url}/metrics`)).text(),
    )?.[1];

  beforeEach(async () => {
    world.risk.streams ??= new WebSocketServer({ noServer: true });
    world.log.trouble = null;
    world.log.onCommand = (command) => world.risk.outcomes.set(command.commandId, done(command));
    await eventually(async () => {
      if (world.risk.streams?.clients.size === 0) await acknowledge();
      return world.risk.streams?.clients.size === 1;
    });
    world.risk.asked.length = 0;
  });

  it('answers with what it is told, and asks for nothing', async () => {
    world.log.onCommand = (command) => world.risk.tells(done(command));
    const response = await acknowledge();
    expect([response.status, response.headers.get('etag'), asked()]).toEqual([200, '"4"', []]);
  });

  it('asks when the stream breaks while it waits, and then listens again', async () => {
    world.log.onCommand = (command) => {
      world.risk.outcomes.set(command.commandId, done(command));
      world.risk.breaks();
    };
    expect((await acknowledge()).status).toBe(200);
    expect(asked()).toHaveLength(1);
  });

  it('asks for what it is not told in half of the time', async () => {
    const before = performance.now();
    expect((await acknowledge({ prefer: 'wait=1' })).status).toBe(200);
    expect(performance.now() - before).toBeGreaterThan(490);
    expect(asked()).toHaveLength(1);
  });

  it('does not wait for what the log refused', async () => {
    world.log.trouble = () => Promise.reject(new Error('away'));
    expect((await acknowledge()).status).toBe(503);
    expect([asked(), await waiters()]).toEqual([[], '0']);
  });
});

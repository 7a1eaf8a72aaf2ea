import { describe, expect, it } from '@jest/globals';
import type { Outcome } from '@linli/contracts';
import type { Asking } from './risk.js';
import { Outcomes } from './outcomes.js';

const ID = '0198c0de-0000-7000-8000-000000000001';
const outcome: Outcome = {
  ...{ commandId: ID, tenant: 'yuhang', requestHash: 'h', aggregateId: ID, status: 'done' },
  ...{ resource: 1, aggregateVersion: 1, refusal: null, completedAt: '2026-11-23T12:00:00Z' },
};
const caller = { tenant: 'yuhang', keyId: 'k', name: 'k', scopes: [], areas: null };
const asking: Asking = { caller, correlationId: 'c' };

/** An owner that answers every question with the outcome, and a stream that tells what the test lets it. */
const world = (tell: ((tell: (outcome: Outcome | null) => void) => void) | null) => {
  const asked: { waitMs: unknown }[] = [];
  const heard: { tenant: string; waitMs: number; signal: AbortSignal | undefined }[] = [];
  const risk = {
    get: (_path: string, { query }: Asking) => {
      asked.push({ waitMs: query?.['waitMs'] });
      return Promise.resolve(Response.json(outcome));
    },
  };
  const stream = tell && {
    next: (_id: string, tenant: string, waitMs: number, signal?: AbortSignal) => {
      heard.push({ tenant, waitMs, signal });
      return new Promise<Outcome | null>((resolve) => {
        signal?.addEventListener('abort', () => resolve(null));
        tell(resolve);
      });
    },
    close: () => undefined,
  };
  let waiting = 0;
  const outcomes = new Outcomes(risk, 2, (now) => (waiting = now), stream);
  return { outcomes, asked, heard, waiting: () => waiting };
};

describe('an expected outcome', () => {
  it('is listened for from the start, for half of the time, and not asked for when it was told', async () => {
    const { outcomes, asked, heard, waiting } = world((tell) => tell(outcome));
    const expected = outcomes.expect(ID, asking, 4_000);
    expect(heard).toMatchObject([{ tenant: 'yuhang', waitMs: 2_000 }]);
    expect(waiting()).toBe(1);
    expect(await expected.outcome()).toEqual(outcome);
    expect([asked, waiting()]).toEqual([[], 0]);
  });

  it('is asked for, for the rest of the time, when the stream is silent or there is none', async () => {
    for (const tell of [(silent: (told: null) => void) => silent(null), null]) {
      const { outcomes, asked } = world(tell);
      expect(await outcomes.expect(ID, asking, 4_000).outcome()).toEqual(outcome);
      expect(asked).toHaveLength(1);
      expect(Number(asked[0]?.waitMs)).toBeGreaterThan(3_000);
      expect(Number(asked[0]?.waitMs)).toBeLessThanOrEqual(4_000);
    }
  });

  it('is not asked for before the command was sent', async () => {
    const { outcomes, asked, waiting } = world(null);
    outcomes.expect(ID, asking, 4_000).callOff();
    await Promise.resolve();
    expect([asked, waiting()]).toEqual([[], 0]);
  });

  it('is waited for no more when the client leaves or the gateway ends', async () => {
    const leaving = new AbortController();
    const { outcomes, asked, heard, waiting } = world(() => undefined);
    const expected = [
      outcomes.expect(ID, { ...asking, signal: leaving.signal }, 4_000),
      outcomes.expect(ID, asking, 4_000),
    ];
    expect(outcomes.full).toBe(true);
    const waits = expected.map((one) => one.outcome());
    leaving.abort();
    expect(await waits[0]).toBeNull();
    expect([waiting(), outcomes.full]).toEqual([1, false]);
    outcomes.onModuleDestroy();
    expect(await waits[1]).toBeNull();
    expect([asked, waiting(), outcomes.full]).toEqual([[], 0, true]);
    expect(heard.every(({ signal }) => signal?.aborted)).toBe(true);
  });
});

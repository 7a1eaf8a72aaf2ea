import { PublishRefused, PublishUnknown, type NewRecord } from '@linli/bus';
import { RISK_COMMANDS } from '@linli/contracts';
import { Refused } from '@linli/kernel';
import { RefusedWith } from '@linli/service';
import { describe, expect, it } from '@jest/globals';
import { Breaker } from './breaker.js';
import { Publishing } from './publishing.js';

const record = (bytes = 1): NewRecord => ({
  partition: 0,
  key: null,
  value: Buffer.alloc(bytes),
  headers: {},
});
const limits = { requests: 3, bytes: 100, withinMs: 20 };

const bench = (publish: () => Promise<void>, random = 0) => {
  const clock = { now: 0 };
  const seen = { calls: 0, refused: [] as string[], requests: 0, bytes: 0 };
  const log = {
    publish: () => {
      seen.calls += 1;
      return publish();
    },
  };
  const watch = {
    inFlight: (requests: number, bytes: number) => void Object.assign(seen, { requests, bytes }),
    refused: (reason: string) => void seen.refused.push(reason),
  };
  const breaker = new Breaker(() => clock.now);
  const publishing = new Publishing(log, limits, watch, breaker, { next: () => random });
  const refusal = async (bytes?: number): Promise<{ code: string; after: number }> => {
    const error = await publishing.publish(RISK_COMMANDS, [record(bytes)], 'command').then(
      () => null,
      (fault: unknown) => fault,
    );
    if (!(error instanceof RefusedWith)) throw new Refused({ code: 'NONE', kind: 'conflict', detail: '-' });
    return { code: error.refusal.code, after: Number(error.more.headers?.['retry-after']) };
  };
  return { publishing, refusal, clock, seen };
};
const never = (): Promise<void> => new Promise(() => undefined);

describe('the way onto the log', () => {
  it('takes so many requests at once and no more, and counts those it gave up until the log lets go', async () => {
    const letGo: (() => void)[] = [];
    const { publishing, refusal, seen } = bench(() => new Promise((resolve) => letGo.push(resolve)));
    const given = await Promise.all([refusal(), refusal(), refusal(), refusal()]);
    expect(given.map(({ code }) => code)).toEqual([
      'GTW_OUTCOME_UNKNOWN',
      'GTW_OUTCOME_UNKNOWN',
      'GTW_OUTCOME_UNKNOWN',
      'GTW_BUSY',
    ]);
    expect([seen.requests, seen.bytes]).toEqual([3, 3]);
    letGo.forEach((go) => go());
    await new Promise(setImmediate);
    const again = publishing.publish(RISK_COMMANDS, [record()], 'command');
    letGo.at(-1)?.();
    await again;
    expect([seen.requests, seen.bytes]).toEqual([0, 0]);
  });

  it('takes so many bytes at once and no more', async () => {
    const { refusal } = bench(never);
    const first = refusal(60);
    expect(await refusal(60)).toMatchObject({ code: 'GTW_BUSY' });
    expect(await first).toMatchObject({ code: 'GTW_OUTCOME_UNKNOWN' });
  });

  it('stops asking a log that does not answer, and asks again after a second', async () => {
    let away = true;
    const fault = () => (away ? Promise.reject(new PublishUnknown('no answer')) : Promise.resolve());
    const { publishing, refusal, clock, seen } = bench(fault);
    for (let n = 0; n < 5; n += 1) expect(await refusal()).toMatchObject({ code: 'GTW_OUTCOME_UNKNOWN' });
    expect(await refusal()).toMatchObject({ code: 'GTW_LOG_UNAVAILABLE' });
    expect([seen.calls, seen.refused.at(-1)]).toEqual([5, 'open']);
    clock.now = 1000;
    expect(await refusal()).toMatchObject({ code: 'GTW_OUTCOME_UNKNOWN' });
    away = false;
    clock.now = 2000;
    await publishing.publish(RISK_COMMANDS, [record()], 'command');
    await publishing.publish(RISK_COMMANDS, [record()], 'command');
    expect(seen.calls).toBe(8);
  });

  it('goes on asking when records are at fault and not the log', async () => {
    const { refusal, seen } = bench(() => Promise.reject(new PublishRefused('LOG_RECORD_INVALID', 'bad')));
    for (let n = 0; n < 6; n += 1) await refusal();
    expect(seen.calls).toBe(6);
  });

  it.each([
    [0, 2, 2],
    [0.999, 5, 30],
  ])(
    'asks for patience between 2 and 30 seconds, more as time goes by (random %d)',
    async (random, soon, late) => {
      const { refusal, clock } = bench(() => Promise.reject(new PublishUnknown('no answer')), random);
      expect((await refusal()).after).toBe(soon);
      for (let n = 0; n < 5; n += 1) await refusal();
      clock.now = 3_600_000;
      await refusal();
      expect((await refusal()).after).toBe(late);
    },
  );
});

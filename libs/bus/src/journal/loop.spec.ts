import { describe, expect, it } from '@jest/globals';
import { Loop } from './loop.js';

const NEVER_MS = 1_000_000;

/** A loop whose turns the spec ends itself. */
const steppedLoop = () => {
  const begun: { end(more: boolean): void; fail(): void }[] = [];
  let wake: () => void = () => undefined;
  const errors: string[] = [];
  const loop = new Loop(
    () =>
      new Promise<boolean>((resolve, reject) => {
        begun.push({ end: resolve, fail: () => reject(new Error('away')) });
        wake();
      }),
    { everyMs: NEVER_MS, longestRestMs: NEVER_MS, onError: (error) => errors.push(String(error)) },
  );
  const turn = async (nth: number): Promise<{ end(more: boolean): void; fail(): void }> => {
    while (begun.length < nth) await new Promise<void>((resolve) => (wake = resolve));
    return begun[nth - 1] as (typeof begun)[number];
  };
  return { loop, turn, begun, errors };
};

const soon = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 10));

describe('a loop', () => {
  it('goes on at once while there is more, then rests', async () => {
    const { loop, turn, begun } = steppedLoop();
    loop.start();
    (await turn(1)).end(true);
    (await turn(2)).end(false);
    await soon();
    expect(begun).toHaveLength(2);
    await loop.stop();
  });

  it('turns once more for any number of kicks during a turn', async () => {
    const { loop, turn, begun } = steppedLoop();
    loop.start();
    const first = await turn(1);
    loop.kick();
    loop.kick();
    first.end(false);
    (await turn(2)).end(false);
    await soon();
    expect(begun).toHaveLength(2);
    loop.kick();
    (await turn(3)).end(false);
    await loop.stop();
  });

  it('rests twice as long after each further failure, and as usual after a turn that worked', async () => {
    const rests: number[] = [];
    const verdicts = [false, true, true, true, true, true, false, true];
    const loop = new Loop(
      () => (verdicts.shift() ? Promise.reject(new Error('away')) : Promise.resolve(false)),
      {
        ...{ everyMs: 1000, retryMs: 400, longestRestMs: 5000, onError: () => undefined },
        timers: {
          after(ms: number, work: () => void) {
            rests.push(ms);
            if (rests.length <= 7) queueMicrotask(work);
            return () => undefined;
          },
          soon: queueMicrotask,
        },
      },
    );
    loop.start();
    await soon();
    expect(rests).toEqual([1000, 400, 800, 1600, 3200, 5000, 1000, 400]);
    await loop.stop();
  });

  it('keeps its rest after a failure, whoever kicks', async () => {
    const { loop, turn, begun, errors } = steppedLoop();
    loop.start();
    (await turn(1)).fail();
    await soon();
    loop.kick();
    await soon();
    expect(begun).toHaveLength(1);
    expect(errors).toEqual(['Error: away']);
    await loop.stop();
  });

  it('ends after the running turn', async () => {
    const { loop, turn, begun } = steppedLoop();
    loop.start();
    const first = await turn(1);
    let ended = false;
    const stopping = loop.stop().then(() => (ended = true));
    await soon();
    expect(ended).toBe(false);
    first.end(true);
    await stopping;
    loop.kick();
    await soon();
    expect(begun).toHaveLength(1);
  });
});

import type { IntakeView } from '@linli/contracts';
import { describe, expect, it } from '@jest/globals';
import { IntakeViews } from './intake-views.js';

const caller = { tenant: 'yuhang', keyId: 'k', name: 'n', scopes: [], areas: ['330106'] };

/** Views of a risk service that answers when the spec lets it. */
const world = () => {
  let now = 1_000_000;
  const asked: ((loadedAreas: string[]) => void)[] = [];
  const risk = {
    get: () =>
      new Promise<Response>((resolve) =>
        asked.push((loadedAreas) => {
          const view: IntakeView = { categories: {}, areas: {}, loadedAreas, credibilities: {} };
          resolve(Response.json(view));
        }),
      ),
  };
  const views = new IntakeViews(risk, { warn: () => undefined }, () => now);
  const areas = async (): Promise<string[]> => [...((await views.of(caller, 'c')).loaded ?? [])];
  return { views, areas, asked, later: (ms: number) => void (now += ms) };
};

describe('the intake view of a tenant', () => {
  it('is waited for at first, kept, asked for again at 4 seconds by the way, and waited for from 5', async () => {
    const { areas, asked, later } = world();
    const first = areas();
    asked[0]?.(['330106003012']);
    expect(await first).toEqual(['330106003012']);
    later(3_999);
    expect([await areas(), asked.length]).toEqual([['330106003012'], 1]);
    later(1);
    expect([await areas(), asked.length]).toEqual([['330106003012'], 2]);
    later(1_000);
    const waiting = areas();
    asked[1]?.(['330106003013']);
    expect(await waiting).toEqual(['330106003013']);
    expect(asked).toHaveLength(2);
  });

  it('is waited for after it was changed here', async () => {
    const { views, areas, asked } = world();
    const first = areas();
    asked[0]?.([]);
    await first;
    views.forget('yuhang');
    const next = areas();
    asked[1]?.(['330106003012']);
    expect(await next).toEqual(['330106003012']);
  });
});

import { afterEach, describe, expect, it } from '@jest/globals';
import { RiskEventSummary } from '@linli/contracts';
import { FakeLinli } from '../testing/fake-linli.js';
import { Api } from './api.js';
import { postEvents } from './intake.js';

describe('the client', () => {
  let system: FakeLinli | undefined;
  afterEach(() => system?.stop());

  it('tries again while the system is unavailable', async () => {
    system = await new FakeLinli({ unavailable: 3 }).start();
    const summary = await new Api(system.url, 'k').get('/v1/risk-events/summary', RiskEventSummary);
    expect(summary.stored).toBe(0);
  });

  it('gives up after a while, and says what the system said', async () => {
    system = await new FakeLinli({ unavailable: 100 }).start();
    await expect(new Api(system.url, 'k').command('/v1/areas', {})).rejects.toMatchObject({ status: 503 });
  });

  it('tells a refusal by its code', async () => {
    system = await new FakeLinli().start();
    const api = new Api(system.url, 'k');
    await expect(api.command('/v1/warnings/x/issue', {})).rejects.toMatchObject({
      status: 404,
      code: 'NOT_FOUND',
    });
  });

  it('reads the per-item results when all items are bad', async () => {
    system = await new FakeLinli().start();
    const receipt = await postEvents(new Api(system.url, 'k'), [{ id: 'x' }]);
    expect(receipt).toMatchObject({ accepted: 0, rejected: 1, items: [{ index: 0, status: 'rejected' }] });
  });

  it('stops trying when told to', async () => {
    const ending = AbortSignal.abort();
    await expect(new Api('http://127.0.0.1:1', 'k', ending).command('/v1/areas', {})).rejects.toThrow(
      'not reachable',
    );
  });
});

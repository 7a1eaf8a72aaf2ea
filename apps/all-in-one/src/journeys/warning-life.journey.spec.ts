import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@linli/testing';
import type { Client } from './client.js';
import { anEvent, freshArea } from './events.js';
import { modes, startSystem, type System } from './system.js';

interface WarningBody {
  id: string;
  status: string;
  colour: string;
  version: number;
}

describe.each(modes)('the life of a warning, %s', (mode) => {
  let system: System | null;
  let client: Client;

  beforeAll(async () => {
    system = await startSystem(mode);
    if (system) client = system.client;
  }, 120_000);
  afterAll(() => system?.stop());

  const test = (name: string, body: () => Promise<void>): void =>
    it(name, async () => {
      if (system) await body();
    });

  const inArea = (area: string, status: string): Promise<WarningBody> =>
    eventually(async () => {
      const { body } = await client.get<{ items: WarningBody[] }>(
        `/v1/warnings?area=${area}&status=${status}`,
      );
      if (!body.items[0]) throw new Error(`no ${status} warning yet`);
      return body.items[0];
    });

  test('leads from the signals over a plan and the police to monitoring, and back when a new signal comes', async () => {
    const area = freshArea();
    await client.post(
      '/v1/risk-events',
      [0, 0, 0].map((ageDays) => anEvent({ area, ageDays })),
    );
    const { id } = await inArea(area, 'issued');
    const tell = (verb: string, body: object) =>
      client.post<WarningBody & { code?: string }>(`/v1/warnings/${id}/${verb}`, body, { 'if-match': '*' });
    const due = new Date(Date.now() + 86_400_000).toISOString();
    expect((await tell('plan', { measures: ['talk'], people: ['Li'], due })).body.code).toBe('WRN_STATE');
    await tell('acknowledge', {});
    expect((await tell('escalate', {})).body.code).toBeUndefined();
    await tell('verify', { result: 'confirmed', evidence: 'seen' });
    expect(await tell('plan', { measures: [], people: ['Li'], due })).toMatchObject({
      status: 422,
      body: { code: 'WRN_PLAN_EMPTY' },
    });
    const told: [verb: string, body: object, status: string][] = [
      ['plan', { measures: ['talk'], people: ['Li'], due }, 'disposing'],
      ['update', { text: 'talked' }, 'disposing'],
      ['link', { kind: 'mediation', id: 'm-1' }, 'disposing'],
      ['hand-over', { body: 'police', reference: '110-1' }, 'external'],
      ['monitor', { evidence: 'the police settled it' }, 'monitoring'],
    ];
    for (const [verb, body, status] of told) {
      expect(await tell(verb, body)).toMatchObject({ status: 200, body: { id, status, colour: 'orange' } });
    }
    expect((await tell('close', { outcome: 'resolved' })).body.code).toBe('WRN_VISITS_DUE');
    await client.post('/v1/risk-events', anEvent({ area }));
    expect(await inArea(area, 'disposing')).toMatchObject({ id, colour: 'orange' });
    const timeline = await client.get<{ items: { type: string }[] }>(`/v1/warnings/${id}/timeline`);
    expect(timeline.body.items.map(({ type }) => type.split('.')[3])).toEqual([
      ...['candidate', 'issued', 'acked', 'escalated', 'verified', 'plan_set', 'updated', 'linked'],
      ...['handed_over', 'monitoring', 'reopened'],
    ]);
  });
});

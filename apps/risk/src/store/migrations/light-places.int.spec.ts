import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { openDatabase } from '@linli/store';
import { embeddedDatabase } from '@linli/testing';
import { Risk1764000000001 } from './0001-risk.js';
import { LightPlaces1764000000002 } from './0002-light-places.js';

jest.setTimeout(60_000);
let server: Awaited<ReturnType<typeof embeddedDatabase>>;
beforeAll(async () => {
  server = await embeddedDatabase();
});
afterAll(() => server.stop());

it('keeps what the places of an earlier release remember, and of their assessments the score', async () => {
  const settings = { url: server.url, schema: 'risk', allowUnsafe: true };
  const before = await openDatabase({ ...settings, migrations: [Risk1764000000001] });
  await before.connection('http').execute(
    `INSERT INTO risk_place (id, tenant, category, area, scope_kind, scope_name, told_level, tally, baseline, assessment)
     SELECT gen_random_uuid(), 'yuhang', 'DSP-04', '330110003012', 'grid', 'g', told, tally, baseline, assessment
     FROM (VALUES (0, '{"days": {"20780": [5, 1]}}'::jsonb, '{"first": 7}'::jsonb, '{"score": 17.5, "t": 1}'::jsonb),
       (1, '{"days": {}}', NULL, '{"score": 43.8, "t": 2}'), (0, NULL, NULL, NULL)) AS p (told, tally, baseline, assessment)`,
  );
  await before.close();
  const after = await openDatabase({
    ...settings,
    migrations: [Risk1764000000001, LightPlaces1764000000002],
  });
  const rows = await after
    .connection('http')
    .query('SELECT told_level, tally, baseline, score, assessment FROM risk_place ORDER BY score');
  await after.close();
  expect(rows).toEqual([
    {
      told_level: 0,
      tally: { days: { 20780: [5, 1] } },
      baseline: { first: 7 },
      score: 17.5,
      assessment: null,
    },
    { told_level: 1, tally: { days: {} }, baseline: null, score: 43.8, assessment: { score: 43.8, t: 2 } },
    { told_level: 0, tally: null, baseline: null, score: null, assessment: null },
  ]);
});

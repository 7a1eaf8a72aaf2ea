import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { startWorld, type World } from './gateway.fixture.js';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());

const types = [
  'application/json',
  'application/x-ndjson',
  'application/cloudevents+json',
  'application/cloudevents-batch+json',
  'application/json; charset=utf-8',
  'text/plain',
];

const good: Readonly<Record<string, unknown>> = {
  id: 'a',
  source: 'sensor',
  category: 'DSP-04',
  area: '330106003012',
  occurredAt: '2024-11-23T09:00:00+08:00',
  place: { grid: 'g', point: [120, 30] },
  triggers: ['gas_alarm'],
  text: 't',
  specversion: '1.0',
  type: 't',
  data: {},
};
const odd = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom(
    '\0',
    '\ud800',
    '',
    '+275760-09-13T00:00:00.001Z',
    '2026-02-30T00:00:00Z',
    '0000-01-01T00:00:00Z',
  ),
  fc.double({ noNaN: true }),
);
/** A good event with one to three members replaced by something odd, or gone. */
const mutated = fc
  .dictionary(
    fc.constantFrom(...Object.keys(good), '__proto__', 'constructor'),
    fc.option(odd, { nil: undefined }),
    {
      maxKeys: 3,
    },
  )
  .map((changes) => Object.assign(Object.create(null) as object, good, changes));
const body = fc.oneof(
  fc.jsonValue({ maxDepth: 6 }).map((value) => JSON.stringify(value)),
  mutated.map((value) => JSON.stringify(value)),
  fc.array(fc.oneof(mutated, odd), { maxLength: 5 }).map((value) => JSON.stringify(value)),
  fc.string({ unit: 'binary' }),
  fc
    .array(
      mutated.map((value) => JSON.stringify(value)),
      { maxLength: 4 },
    )
    .map((lines) => lines.join('\n')),
);

describe('POST /v1/risk-events', () => {
  it('answers any body with one of its documented answers, and never with 5xx', async () => {
    const seen = new Set<number>();
    await fc.assert(
      fc.asyncProperty(body, fc.constantFrom(...types), async (text, type) => {
        const response = await world.post('/v1/risk-events', text, { 'content-type': type });
        seen.add(response.status);
        expect([202, 400, 413, 415, 422]).toContain(response.status);
        await response.text();
      }),
      { numRuns: 1500 },
    );
    expect([...seen].toSorted((one, two) => one - two)).toEqual([202, 400, 415, 422]);
  });

  it('sends on only what the risk service can store', () => {
    const texts = JSON.stringify(world.log.intake);
    expect(world.log.intake.length).toBeGreaterThan(0);
    expect(texts).not.toMatch(/\\u0000|\\ud[89a-f]/iu);
    for (const { occurredAt } of world.log.intake.flatMap(({ events }) => events)) {
      expect(occurredAt).toBeGreaterThanOrEqual(0);
    }
  });
});

import { RiskEvent } from '@linli/contracts';
import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { compiledShape } from './shape.js';

const fits = compiledShape();

const text = (most: number) =>
  fc.oneof(
    fc.string({ maxLength: 3 }),
    fc.integer({ min: most - 1, max: most + 1 }).map((length) => 'x'.repeat(length)),
    fc.integer({ min: most - 1, max: most + 1 }).map((length) => '😀'.repeat(length)),
  );
const number = (...edges: number[]) =>
  fc.oneof(fc.constantFrom(...edges), fc.double({ min: -200, max: 200, noNaN: true }));
const time = fc.oneof(
  fc.constantFrom(
    '2026-11-23T09:00:00+08:00',
    '2024-02-29T23:59:59.123Z',
    '2023-02-29T00:00:00Z',
    '2026-11-23T09:00:00',
    '2026-11-23t09:00:00z',
    '2026-11-23T24:00:00Z',
    '2026-11-23T09:00Z',
    '2026-11-23T09:00:00+0800',
    ' 2026-11-23T09:00:00Z',
    '2026-11-23T09:00:00Z\n',
  ),
  fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
);
const odd = fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constant(null));
const mostly = <T>(good: fc.Arbitrary<T>) =>
  fc.oneof<fc.WeightedArbitrary<unknown>[]>({ weight: 12, arbitrary: good }, { weight: 1, arbitrary: odd });

const place = fc.record(
  {
    grid: mostly(text(64)),
    building: mostly(text(64)),
    dispute: mostly(text(64)),
    point: mostly(
      fc.oneof(fc.tuple(number(-180, 180, 181), number(-90, 90, 91)), fc.array(number(1), { maxLength: 3 })),
    ),
    other: odd,
  },
  { requiredKeys: [] },
);
const event = fc.record(
  {
    id: mostly(text(128)),
    source: mostly(text(64)),
    category: mostly(text(64)),
    area: mostly(text(64)),
    place: mostly(place),
    occurredAt: mostly(time),
    credibility: mostly(number(0, 1, 1.01)),
    severity: mostly(number(0.5, 1.5, 0.49)),
    confirmed: mostly(fc.boolean()),
    party: mostly(text(256)),
    vulnerable: mostly(fc.boolean()),
    triggers: mostly(fc.array(text(64), { maxLength: 17 })),
    text: mostly(text(4000)),
    exercise: mostly(fc.boolean()),
    other: odd,
  },
  { requiredKeys: ['id', 'source', 'category', 'area', 'occurredAt'] },
);
const good = {
  id: 'a',
  source: 's',
  category: 'DSP-04',
  area: '330106003012',
  occurredAt: '2026-11-23T09:00:00+08:00',
};
const sound = fc.record({ changes: event, kept: fc.subarray(['id', 'source', 'severity', 'text', 'place']) });

/** What the contract reads of a value, or null. */
const read = (value: unknown): RiskEvent | null => RiskEvent.safeParse(value).data ?? null;

describe('the compiled shape of an event', () => {
  it('takes what the contract takes, nothing else, and reads the same of it', () => {
    const seen = { taken: 0, refused: 0 };
    const candidates = fc.oneof(
      event,
      odd,
      sound.map(({ changes, kept }) => ({
        ...good,
        ...Object.fromEntries(Object.entries(changes).filter(([name]) => kept.includes(name))),
      })),
    );
    fc.assert(
      fc.property(candidates, (value) => {
        const said: unknown = JSON.parse(JSON.stringify(value));
        const wellKnown = read(said);
        expect(fits(said)).toBe(wellKnown !== null);
        if (wellKnown !== null) {
          expect(said).toMatchObject(wellKnown);
        }
        seen[wellKnown === null ? 'refused' : 'taken'] += 1;
      }),
      { numRuns: 3000 },
    );
    expect(seen.taken).toBeGreaterThan(300);
    expect(seen.refused).toBeGreaterThan(300);
  });

  it('counts characters as the contract does', () => {
    for (const [count, fit] of [
      [64, true],
      [65, false],
    ] as const) {
      const emoji = { ...good, source: '😀'.repeat(count) };
      expect([fits(emoji), read(emoji) !== null]).toEqual([fit, fit]);
    }
  });
});

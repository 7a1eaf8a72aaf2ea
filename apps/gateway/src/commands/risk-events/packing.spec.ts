import { IntakeRecord, partitionOf, RISK_INTAKE, type IntakeEvent } from '@linli/contracts';
import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { packed } from './packing.js';

const parcel = { tenant: 'default', receivedAt: 1_764_000_000_000, correlationId: 'c' };
const event = (over: Partial<IntakeEvent>): IntakeEvent => ({
  id: 'a',
  source: 's',
  category: 'DSP-04',
  area: '330106003012',
  grid: null,
  building: null,
  dispute: null,
  point: null,
  occurredAt: 0,
  credibility: 1,
  severity: 1,
  confirmed: false,
  party: null,
  vulnerable: false,
  triggers: [],
  text: null,
  quarantine: null,
  ...over,
});

describe('packing', () => {
  it('keeps every event, once, in order, in the partition of its area, within the limits', () => {
    const some = fc.array(
      fc.record({ area: fc.integer({ min: 0, max: 30 }), text: fc.nat({ max: 22_000 }) }),
      { maxLength: 600 },
    );
    fc.assert(
      fc.property(some, (wanted) => {
        const events = wanted.map(({ area, text }, n) =>
          event({ id: `${n}`, area: `33010600${1000 + area}`, text: '千'.repeat(text / 3) }),
        );
        const records = packed(events, parcel);
        const read = records.map(({ value }) => IntakeRecord.parse(JSON.parse(String(value))));
        for (const [at, { partition, value }] of records.entries()) {
          expect(value?.length).toBeLessThanOrEqual(262_144);
          expect(read[at]).toMatchObject(parcel);
          for (const { area } of read[at]?.events ?? []) {
            expect(partitionOf(area, RISK_INTAKE)).toBe(partition);
          }
        }
        for (const partition of new Set(records.map((record) => record.partition))) {
          const here = read
            .filter((_, at) => records[at]?.partition === partition)
            .flatMap((record) => record.events);
          expect(here).toEqual(events.filter(({ area }) => partitionOf(area, RISK_INTAKE) === partition));
        }
        expect(read.flatMap((record) => record.events)).toHaveLength(events.length);
      }),
      { numRuns: 30 },
    );
  });

  it('writes a bare event as JSON.stringify does, byte for byte', () => {
    const text = fc.string({ unit: 'grapheme' }).filter((some) => JSON.stringify(some) === `"${some}"`);
    const maybe = <T>(some: fc.Arbitrary<T>) => fc.option(some, { nil: null });
    const share = fc.double({ min: -1, max: 2, noNaN: true });
    const whole = fc.record<IntakeEvent>({
      ...{ id: text, source: text, category: text, area: text },
      ...{ grid: maybe(text), building: maybe(text), dispute: maybe(text) },
      point: maybe(fc.tuple(share, share)),
      occurredAt: fc.nat(),
      ...{ credibility: share, severity: fc.constantFrom(0.5, 1, 1e-7, -0) },
      ...{ confirmed: fc.boolean(), party: maybe(text), vulnerable: fc.boolean() },
      ...{ triggers: fc.array(fc.string()), text: maybe(text) },
      quarantine: maybe(fc.constantFrom('category' as const, 'area' as const)),
      exercise: fc.constantFrom(true as const, undefined),
    });
    fc.assert(
      fc.property(whole, (one) => {
        const [pack] = packed([one], parcel, true);
        expect(String(pack?.value)).toBe(JSON.stringify({ ...parcel, events: [one] }));
        expect(packed([one], parcel, false)).toEqual([pack]);
      }),
    );
  });

  it('needs as few records as the limits allow', () => {
    const many = Array.from({ length: 501 }, (_, n) => event({ id: `${n}` }));
    expect(packed(many, parcel).map(({ value }) => JSON.parse(String(value)).events.length)).toEqual([
      250, 250, 1,
    ]);
  });
});

import { describe, expect, it } from '@jest/globals';
import { findCategory, isWellFormedArea, RiskEvent } from '@linli/contracts';
import { seededRandom } from '@linli/kernel';
import { bodies, bodyOf } from './bodies.js';
import { EVENT_BYTES, riskEvents } from './risk-events.js';

const now = Date.parse('2026-11-23T12:00:00Z');
const some = (rising: number, seed = 1) =>
  riskEvents(2000, { random: seededRandom(seed), now, name: 'x', rising });

describe('the events of the bench', () => {
  it.each([0, 0.02, 1])('have exactly 400 bytes each (%d rising)', (rising) => {
    for (const event of some(rising)) expect(Buffer.byteLength(JSON.stringify(event))).toBe(EVENT_BYTES);
    expect(EVENT_BYTES).toBe(400);
  });

  it('are events by the contract, of known categories and areas', () => {
    for (const event of some(0.02)) {
      expect(RiskEvent.safeParse(event).error).toBeUndefined();
      expect(findCategory(event.category)).toBeDefined();
      expect(isWellFormedArea(event.area)).toBe(true);
      expect(Date.parse(event.occurredAt)).toBeLessThan(now);
    }
  });

  it('are the same for the same seed, and others for another', () => {
    expect(some(0.02)).toEqual(some(0.02));
    expect(some(0.02)).not.toEqual(some(0.02, 2));
  });

  it('vary in area, place, category, party and time', () => {
    const kinds = (of: (event: RiskEvent) => unknown): number =>
      new Set(some(0).map((event) => JSON.stringify(of(event)))).size;
    expect(kinds(({ area }) => area)).toBe(60);
    expect(kinds(({ category }) => category)).toBeGreaterThan(8);
    expect(kinds(({ place }) => place)).toBeGreaterThan(500);
    expect(kinds(({ party }) => party)).toBeGreaterThan(1000);
    expect(kinds(({ occurredAt }) => occurredAt)).toBeGreaterThan(1900);
  });

  it('rise in the share that was asked for, each in a building of its own', () => {
    const rising = some(0.02).filter(({ severity }) => severity === 1.5);
    expect(rising).toHaveLength(40);
    expect(some(0).filter(({ severity }) => severity === 1.5)).toHaveLength(0);
  });
});

describe('a body made beforehand', () => {
  const ids = (bytes: Buffer): string[] =>
    (JSON.parse(bytes.toString()) as RiskEvent[]).map(({ source, id }) => `${source} ${id}`);

  it('has new ids each time that it is numbered, and the same length', () => {
    const [one, two] = bodies(2, 500, { random: seededRandom(1), now, name: 'x', rising: 0.02 });
    const seen = new Set<string>();
    [1, 2, 99_999_999].forEach((sequence) => {
      one?.number(sequence);
      ids(one?.bytes ?? Buffer.of()).forEach((id) => seen.add(id));
    });
    two?.number(3);
    ids(two?.bytes ?? Buffer.of()).forEach((id) => seen.add(id));
    expect(seen.size).toBe(2000);
    expect(one?.bytes.length).toBe(500 * 400 + 501);
  });

  it('carries its number in every id and in the names of fresh places', () => {
    const body = bodyOf('[{"id":"a########-000"},{"id":"a########-001","b":"########"}]', 2);
    body.number(42);
    expect(body.bytes.toString()).toBe('[{"id":"a00000042-000"},{"id":"a00000042-001","b":"00000042"}]');
  });
});

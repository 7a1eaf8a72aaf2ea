import { describe, expect, it } from '@jest/globals';
import { findCategory, isWellFormedArea, RiskEvent, riskCommands } from '@linli/contracts';
import { byDay, readCasework, readCut } from './casework.js';
import { districtBody, readDistrict, streets } from './district.js';
import { counterparts, readMapping } from './mapping.js';
import { riskEvents } from './risk-event-of.js';

const matters = readCasework();
const cells = readDistrict();
const toEvent = riskEvents(cells, counterparts(readMapping()));

describe('the carried casework', () => {
  it('is as its counts say', () => {
    expect(matters).toHaveLength(3548);
    expect(readCut()).toEqual({
      from: '2023-04-01',
      to: '2023-09-30',
      year: 34324,
      inPeriod: 18864,
      withoutCounterpart: 14832,
      withoutPlace: 553,
      carried: 3548,
      carriedUnmapped: 66,
    });
    expect(matters.filter(({ opendate }) => opendate < '2023-04-01' || opendate > '2023-09-30')).toEqual([]);
    expect(new Set(matters.map(({ unique_key }) => unique_key)).size).toBe(3548);
  });

  it('becomes events that the wire takes, each in a grid of its area', () => {
    const faulty = matters.map(toEvent).filter((event) => {
      const fits = event.place?.grid?.startsWith(`${event.area}-`) && isWellFormedArea(event.area);
      return !fits || !RiskEvent.safeParse(event).success;
    });
    expect(faulty).toEqual([]);
  });

  it('has a counterpart for every matter but the dead trees', () => {
    const unknown = matters.map(toEvent).filter(({ category }) => !findCategory(category));
    expect(unknown).toHaveLength(66);
    expect(new Set(unknown.map(({ category }) => category))).toEqual(new Set(['city.dead_tree_removal']));
  });

  it('makes the same event of the same matter, in office hours of its day', () => {
    const [matter] = matters;
    expect(matter && toEvent(matter)).toEqual({
      id: 'NYCC46515794',
      source: 'urban-brain',
      category: 'HLT-03',
      area: '330106003018',
      place: { grid: '330106003018-02' },
      occurredAt: '2023-04-01T16:55:05+08:00',
      credibility: 0.8,
      severity: 1,
      text: 'Health: Rats/Rodents',
    });
    const hours = matters.map((each) => toEvent(each).occurredAt.slice(11, 16));
    expect(hours.filter((hour) => hour < '09:00' || hour >= '17:00')).toEqual([]);
  });

  it('moves the whole story by days when asked', () => {
    const [matter] = matters;
    const moved = riskEvents(cells, counterparts(readMapping()), 30);
    expect(matter && moved(matter).occurredAt.slice(0, 10)).toBe('2023-05-01');
  });

  it('goes by days in order, with every matter once', () => {
    const days = byDay(matters);
    expect(days[0]?.[0]).toBe('2023-04-01');
    expect(days.at(-1)?.[0]).toBe('2023-09-30');
    expect(days.map(([day]) => day)).toEqual(days.map(([day]) => day).toSorted());
    expect(days.flatMap(([, some]) => some)).toHaveLength(3548);
  });
});

describe('the district', () => {
  const body = districtBody(cells);

  it('is a body that the areas door takes, within one request', () => {
    expect(riskCommands['risk.load-areas'].safeParse(body).success).toBe(true);
    expect([body.areas.length, body.grids.length]).toEqual([59, 270]);
    expect(JSON.stringify(body).length).toBeLessThan(100_000);
  });

  it('lies in the five streets', () => {
    expect(body.areas.filter(({ code }) => !streets.has(code.slice(0, 9)))).toEqual([]);
  });

  it('has neighbours both ways, and only grids that exist', () => {
    const pairs = body.grids.flatMap(({ grid, neighbours }) =>
      neighbours.map((other) => [grid, other.grid].join()),
    );
    const known = new Set(body.grids.map(({ grid }) => grid));
    expect(pairs.length).toBeGreaterThan(100);
    expect(pairs.filter((pair) => !pairs.includes(pair.split(',').toReversed().join()))).toEqual([]);
    expect(pairs.filter((pair) => !known.has(pair.split(',')[1] ?? ''))).toEqual([]);
  });
});

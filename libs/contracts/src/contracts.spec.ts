import { describe, expect, it } from '@jest/globals';
import {
  colourOf,
  covers,
  defaultCredibility,
  isWellFormedArea,
  levelOf,
  partitionOf,
  RISK_INTAKE,
  riskFacts,
  riskTriggers,
  RiskEvent,
  topics,
} from './index.js';

describe('a key’s partition', () => {
  it('never changes: these values are kept for ever', () => {
    expect(['', '330106003012', '330106003013', '邻里'].map((key) => partitionOf(key, RISK_INTAKE))).toEqual([
      1, 6, 5, 5,
    ]);
  });

  it('is one of the frozen count', () => {
    const seen = new Set(Array.from({ length: 500 }, (_, i) => partitionOf(`area-${i}`, { partitions: 12 })));
    expect([...seen].toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  });
});

describe('topics', () => {
  it('carry their service and version in their name, once each', () => {
    expect(topics.map(({ name }) => name)).toEqual([
      'linli.risk.intake.v1',
      'linli.risk.commands.v1',
      'linli.risk.warnings.v1',
      'linli.risk.operations.v1',
    ]);
    expect(topics.map(({ partitions }) => partitions)).toEqual([12, 12, 12, 1]);
  });
});

describe('facts', () => {
  it.each(riskFacts)('$type has an example that fits it', ({ data, example }) => {
    expect(data.parse(example)).toEqual(example);
  });
});

describe('an area', () => {
  it.each(['330106003012', '330106003012005', '33010600301200501'])('%s is well formed', (code) => {
    expect(isWellFormedArea(code)).toBe(true);
  });

  it.each(['', '330106', '3301060030123', '990106003012', '33010600301a', ' 330106003012', '３３0106003012'])(
    '“%s” is not',
    (code) => {
      expect(isWellFormedArea(code)).toBe(false);
    },
  );

  it('is covered by a prefix of its own code, and by everywhere', () => {
    expect(covers({ areas: ['330107', '330106'] }, '330106003012')).toBe(true);
    expect(covers({ areas: ['330106003012'] }, '330106')).toBe(false);
    expect(covers({ areas: [] }, '330106003012')).toBe(false);
    expect(covers({ areas: null }, '330106003012')).toBe(true);
  });
});

describe('colours', () => {
  it('are the levels 1 to 3; none is 0', () => {
    expect((['yellow', 'orange', 'red', null] as const).map(levelOf)).toEqual([1, 2, 3, 0]);
    expect(([0, 1, 2, 3] as const).map(colourOf)).toEqual([null, 'yellow', 'orange', 'red']);
  });
});

describe('triggers', () => {
  it('have stable snake_case names, once each, and a colour', () => {
    const named = (colour: string) => riskTriggers.filter((t) => t.colour === colour).map(({ name }) => name);
    expect(named('red')).toEqual([
      'immediate_danger',
      'gas_alarm',
      'dementia_missing',
      'armed_threat',
      'gathering_30',
      'official_red',
      'police_calls_8',
    ]);
    expect(named('orange')).toEqual([
      'gathering_5',
      'property_leaving',
      'wage_arrears_10',
      'official_orange',
      'third_repeat_police',
    ]);
    expect(named('yellow')).toEqual(['official_yellow', 'second_repeat', 'mediation_failed']);
  });
});

describe('credibility', () => {
  it('has the defaults of the domain notes, and that of an anonymous petition for the rest', () => {
    const sources = [
      'sensor',
      'police',
      'officer',
      'petition',
      'petition_anonymous',
      'opinion',
      'chat',
      'urban-brain',
    ];
    expect(sources.map(defaultCredibility)).toEqual([1, 0.95, 0.9, 0.8, 0.5, 0.4, 0.3, 0.5]);
    expect(defaultCredibility('constructor')).toBe(0.5);
  });
});

describe('a risk event', () => {
  const event = {
    id: '1',
    source: 's',
    category: 'DSP-04',
    area: '330106003012',
    occurredAt: '2026-11-23T09:00:00+08:00',
  };

  it('needs five fields', () => {
    expect(RiskEvent.safeParse(event).success).toBe(true);
    for (const name of Object.keys(event)) {
      expect(RiskEvent.safeParse({ ...event, [name]: undefined }).success).toBe(false);
    }
  });

  it.each([
    ['severity below 0.5', { severity: 0.4 }],
    ['severity above 1.5', { severity: 1.6 }],
    ['credibility above 1', { credibility: 1.1 }],
    ['a point off the globe', { place: { point: [181, 0] } }],
    ['a time without offset', { occurredAt: '2026-11-23T09:00:00' }],
    ['U+0000', { id: 'a\0b' }],
  ])('refuses %s', (_what, over) => {
    expect(RiskEvent.safeParse({ ...event, ...over }).success).toBe(false);
  });
});

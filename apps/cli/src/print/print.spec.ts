import { describe, expect, it } from '@jest/globals';
import type { Warning } from '@linli/contracts';
import { readDistrict } from '../casework/district.js';
import { closing } from './closing.js';
import { explanationLines } from './explanation.js';
import { progressLine, warningLines, whereabouts } from './lines.js';
import { opening } from './opening.js';
import { paintFor } from './palette.js';
import { colourTable } from './totals.js';

const plain = paintFor(false);
const where = whereabouts([{ area: '330106003018', community: 'Brooklyn 18' }]);
const warning: Warning = {
  ...{ id: '0198f3a0-0000-7000-8000-000000000001', category: 'NAT-01', group: 'NAT', area: '330106003018' },
  ...{
    scope: { grid: '330106003018-03' },
    exercise: false,
    point: null,
    colour: 'red',
    colourName: '红',
    score: 89.9,
    status: 'acknowledged',
    version: 3,
    supervision: 0,
  },
  ...{
    raisedAt: '2023-09-29T10:00:02Z',
    issuedAt: '2023-09-29T10:00:03Z',
    acknowledgedAt: '2023-09-29T10:00:04Z',
  },
  ...{ acknowledgedBy: 'Officer of street Brooklyn', verifiedAt: null, updatedAt: '2023-09-30T18:00:00Z' },
  ...{ planDue: null, external: null, links: [], monitoredAt: null, visits: 0 },
  ...{ nextVisit: null, outcome: null, closedAt: null, mergedInto: null, silencedUntil: null },
  ruleVersion: 'score-2026.1',
};

describe('the lines of the demonstration', () => {
  it('say of a warning when, what, where, and who dealt with it', () => {
    expect(warningLines({ warning, kind: 'raised' }, where, plain)).toEqual([
      '2023-09-29   ● red    红  89.9  NAT-01 rainstorm waterlogging 暴雨内涝',
      '                         Brooklyn 18, grid 330106003018-03: issued, acknowledged by Officer of street Brooklyn',
    ]);
  });

  it('say when a colour went up, by the day of the district', () => {
    expect(warningLines({ warning, kind: 'colour up' }, where, plain)).toEqual([
      '2023-10-01   ▲ red    红  89.9  NAT-01 rainstorm waterlogging 暴雨内涝',
      '                         Brooklyn 18, grid 330106003018-03: colour went up',
    ]);
  });

  it('name a place that has no grid', () => {
    expect(where({ ...warning, scope: { area: '330106003018' } })).toBe('Brooklyn 18');
    expect(where({ ...warning, area: '330106003099', scope: { dispute: 'roof' } })).toBe(
      '330106003099, dispute roof',
    );
  });

  it('are painted only where colour is wanted', () => {
    const [painted] = warningLines({ warning, kind: 'raised' }, where, paintFor(true));
    expect(painted).toContain('\u001B[31;1m● red    红\u001B[0m');
  });

  it('tell the progress', () => {
    expect(progressLine('2023-05-02', 1612, 180.4, plain)).toBe(
      '2023-05-02   1,612 events sent   180 a second',
    );
  });

  it('open with what the visitor is about to see', () => {
    const cut = {
      from: '2023-04-01',
      to: '2023-09-30',
      year: 34324,
      inPeriod: 18864,
      withoutCounterpart: 14832,
    };
    const lines = opening(
      { ...cut, withoutPlace: 553, carried: 3548, carriedUnmapped: 66 },
      readDistrict(),
      plain,
    );
    expect(lines).toEqual([
      '',
      'Linli 邻里 · risk events become three-colour warnings, and every colour explains itself',
      '',
      'Real casework of New York City Council offices, April to September 2023 (NYC Open Data),',
      'laid on a made-up district: 59 communities, 270 grids. Of 18,864 matters, 3,482 have a place',
      'and an honest counterpart among our 98 categories; the others are left out, not forced.',
      '66 reports of dead trees have no counterpart and are sent all the same: they wait in quarantine.',
      'Colours are internal work prompts, never public alerts.',
      '',
    ]);
  });

  it('count warnings by colour', () => {
    const candidate: Warning = { ...warning, status: 'candidate', issuedAt: null, acknowledgedAt: null };
    expect(colourTable([warning, candidate], plain)).toEqual([
      'Warnings           raised       issued acknowledged',
      '  red    红             2            1            1',
      '  orange 橙             0            0            0',
      '  yellow 黄             0            0            0',
    ]);
  });

  it('end with three lines to try', () => {
    const more = {
      url: 'http://127.0.0.1:8080',
      dutyKey: 'D',
      brainKey: 'B',
      warningId: null,
      systemTime: null,
    };
    expect(
      closing({ ...more, event: { id: 'try-1' } }, plain).filter((line) => line.startsWith('curl')),
    ).toEqual([
      "curl -s 'http://127.0.0.1:8080/v1/warnings?colour=orange&limit=3' -H 'Authorization: Bearer D'",
      "curl -s 'http://127.0.0.1:8080/v1/warnings.geojson' -H 'Authorization: Bearer D'",
      "curl -s 'http://127.0.0.1:8080/v1/risk-events' -H 'Authorization: Bearer B' -H 'Content-Type: application/json' -d '{\"id\":\"try-1\"}'",
    ]);
  });
});

describe('the explanation', () => {
  const event = {
    ...{ source: 'urban-brain', id: 'NYCC48000001', occurredAt: '2023-09-29T01:30:00Z', ageDays: 0.354 },
    ...{ credibility: 0.8, severity: 1, nearness: 1, value: 0.5617, counted: true },
  };
  const explained = {
    ...{
      warning,
      assessedAt: '2023-09-29T10:00:01Z',
      ruleVersion: 'score-2026.1',
      score: 89.9,
      weightedSum: 4.02,
    },
    factors: [
      { name: 'base' as const, value: 79.9, reason: '100 · (1 − e^(−D/2.5))' },
      { name: 'compound' as const, value: 1.1, reason: 'ENV is active in the same grid' },
      { name: 'anomaly' as const, value: 10, reason: '9 events in a day' },
    ],
    colour: { byScore: 'red' as const, byFloor: null, byTrigger: null, triggers: [] },
    events: Array.from({ length: 7 }, () => event),
    eventsInWindow: 12,
    recomputed: { score: 89.9, equal: true },
    lowering: ['12 hours without a new event'],
  };

  it('says in words and numbers why a warning has its colour', () => {
    const line =
      '    0.562  NYCC48000001, 2023-09-29 09:30: credibility 0.8 × severity 1 × nearness 1, 0.4 days old';
    expect(explanationLines(explained, where, plain)).toEqual([
      'Why red? NAT-01 rainstorm waterlogging 暴雨内涝',
      '  Brooklyn 18, grid 330106003018-03, assessed 2023-09-29 18:00.',
      '  12 events of the last 30 days add up to D = 4.020; the strongest:',
      ...[line, line, line, line, line],
      '    …and 7 more',
      '  From D to the score:',
      '      79.9   base: 100 · (1 − e^(−D/2.5))',
      '    × 1.1    compound: ENV is active in the same grid',
      '    + 10     anomaly: 9 events in a day',
      '  Score 89.9: the score makes it red. The warning is red 红.',
      '  Computed again from the stored events: 89.9, the same. Rules: score-2026.1.',
      '  What would lower it:',
      '    12 hours without a new event',
    ]);
  });

  it('does not hide a score that differs', () => {
    const lines = explanationLines({ ...explained, recomputed: { score: 80.1, equal: false } }, where, plain);
    expect(lines).toContain(
      '  Computed again from the stored events: 80.1, NOT THE SAME. Rules: score-2026.1.',
    );
  });
});

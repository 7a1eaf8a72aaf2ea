import { describe, expect, it } from '@jest/globals';
import { addsUp, isSettled, reconcile } from './reconciliation.js';

const sent = { sent: 100, accepted: 90, rejected: 3, quarantined: 7 };
const held = { stored: 80, duplicates: 10, quarantined: 7 };

describe('reconciliation', () => {
  it('adds up when every event is found again', () => {
    expect(reconcile(sent, held)).toEqual([
      {
        what: 'sent',
        left: 100,
        parts: [
          ['accepted', 90],
          ['quarantined', 7],
          ['rejected', 3],
        ],
        right: true,
      },
      {
        what: 'accepted',
        left: 90,
        parts: [
          ['stored once', 80],
          ['duplicates', 10],
        ],
        right: true,
      },
      { what: 'quarantined', left: 7, parts: [['kept in quarantine', 7]], right: true },
    ]);
    expect(addsUp(reconcile(sent, held))).toBe(true);
  });

  it.each([
    ['an event was lost', sent, { ...held, stored: 79 }],
    ['an event was stored twice', sent, { ...held, stored: 81 }],
    ['the quarantine lost one', sent, { ...held, quarantined: 6 }],
    ['a receipt forgot one', { ...sent, rejected: 2 }, held],
  ])('does not add up when %s', (_, wrongSent, wrongHeld) => {
    expect(addsUp(reconcile(wrongSent, wrongHeld))).toBe(false);
  });

  it('is settled only when nothing is on its way any more', () => {
    expect(isSettled(sent, held)).toBe(true);
    expect(isSettled(sent, { ...held, stored: 79 })).toBe(false);
    expect(isSettled(sent, { ...held, quarantined: 6 })).toBe(false);
  });
});

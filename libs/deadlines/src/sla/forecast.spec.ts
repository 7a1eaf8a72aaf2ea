import { describe, expect, it } from '@jest/globals';
import { HOUR } from '@linli/kernel';
import * as fc from 'fast-check';
import { forecast, type DueTogether, type Forecast } from './forecast.js';

const NOW = 1_000 * HOUR;
const hoursTo = (instant: number): number => Math.max(0, instant - NOW) / HOUR;
const inHours = (due: number, count = 1): DueTogether => ({ due: NOW + due * HOUR, count });
const ahead = (perHour: number, ...queue: DueTogether[]): Forecast =>
  forecast({ queue, now: NOW, perHour, hoursTo });

describe('a forecast', () => {
  it('has nobody at risk while each turn comes before the due time, which is itself in time', () => {
    expect(ahead(2, inHours(0.5), inHours(1), inHours(1.5))).toEqual({
      ...{ overdue: 0, waiting: 3, atRisk: 0, first: null },
    });
  });

  it('lets those who are overdue be served first, and says who is too late for it', () => {
    expect(ahead(1, inHours(-3, 2), inHours(1), inHours(3), inHours(3.5, 3))).toEqual({
      overdue: 2,
      waiting: 5,
      // Third in the queue and due in an hour; fourth and due in three; of the last three none before its turn.
      atRisk: 5,
      first: { place: 3, due: NOW + HOUR },
    });
    expect(ahead(1, inHours(2, 5))).toMatchObject({ atRisk: 3, first: { place: 3 } });
  });

  it('has everybody at risk where nothing is ended', () => {
    expect(ahead(0, inHours(-1), inHours(5), inHours(9, 2))).toEqual({
      ...{ overdue: 1, waiting: 3, atRisk: 3, first: { place: 2, due: NOW + 5 * HOUR } },
    });
  });

  /** One officer who takes the first due of those waiting, ends it, and takes the next, minute by minute. */
  const stepByStep = (queue: readonly DueTogether[], minutesEach: number): Forecast => {
    const waiting = queue.flatMap(({ due, count }) => Array.from({ length: count }, () => due));
    let [overdue, atRisk, left] = [0, 0, minutesEach];
    let first: Forecast['first'] = null;
    for (let [minute, place] = [0, 1]; place <= waiting.length;) {
      if (left > 0) [minute, left] = [minute + 1, left - 1];
      else {
        const due = waiting[place - 1] ?? 0;
        if (due < NOW) overdue += 1;
        else if (NOW + (minute * HOUR) / 60 > due) {
          atRisk += 1;
          first ??= { place, due };
        }
        [place, left] = [place + 1, minutesEach];
      }
    }
    return { overdue, waiting: waiting.length - overdue, atRisk, first };
  };

  it('says what serving them one after another comes to', () => {
    const dues = fc.array(
      fc.record({ minutes: fc.integer({ min: -300, max: 3000 }), count: fc.integer({ min: 1, max: 4 }) }),
      {
        maxLength: 12,
      },
    );
    fc.assert(
      fc.property(dues, fc.integer({ min: 1, max: 180 }), (wanted, minutesEach) => {
        const queue = wanted
          .map(({ minutes, count }) => ({ due: NOW + (minutes * HOUR) / 60, count }))
          .toSorted((a, b) => a.due - b.due);
        expect(forecast({ queue, now: NOW, perHour: 60 / minutesEach, hoursTo })).toEqual(
          stepByStep(queue, minutesEach),
        );
      }),
    );
  });
});

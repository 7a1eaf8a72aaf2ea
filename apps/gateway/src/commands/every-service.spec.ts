import { describe, expect, it } from '@jest/globals';
import type { CalendarImported } from '@linli/contracts';
import type { Settled } from './command-door.js';
import { settledBy } from './every-service.js';

const deadline = (id: string) => ({
  ...{ id, aggregateId: 'a', clock: 'K_HANDLE', from: '2027-01-01T16:00:00Z', to: '2027-01-04T16:00:00Z' },
});
const imported = (over: Partial<CalendarImported>): CalendarImported => ({
  ...{ calendar: 'default', previousVersion: 'p', calendarVersion: 'v', dryRun: false, changed: true },
  ...{ difference: { days: [], hours: null }, calendars: [], moving: 0, deadlines: [], ...over },
});
const done = (body: unknown, status: Settled['status'] = 200): Settled => ({ status, headers: {}, body });

describe('an import into every service', () => {
  it('is done when all have done it, with the deadlines of all', () => {
    const one = imported({ moving: 1, deadlines: [deadline('d-1')] });
    const two = imported({ moving: 2, deadlines: [deadline('d-2'), deadline('d-3')] });
    expect(settledBy(done(one), done(two))).toMatchObject({
      ...{ status: 200 },
      body: { moving: 3, deadlines: [{ id: 'd-1' }, { id: 'd-2' }, { id: 'd-3' }] },
    });
  });

  it('changed something when it did in one of them: the others may have known it already', () => {
    const { body } = settledBy(done(imported({ changed: false })), done(imported({})));
    expect(body).toMatchObject({ changed: true });
  });

  it('is on its way while one of them has not done it, and then it is that one that can be asked', () => {
    const pending: Settled = { status: 202, headers: { location: '/v1/operations/x' }, body: {} };
    expect(settledBy(done(imported({})), pending)).toBe(pending);
  });

  it('has no body when none was wanted', () => {
    const silent = done(null, 204);
    expect(settledBy(silent, done(null, 204))).toBe(silent);
  });
});

import { describe, expect, it } from '@jest/globals';
import type { Bus, Cursor, JournalEntry } from '@linli/bus';
import type { Principal } from '@linli/contracts';
import { cursorText, followWarnings, beginningOf, type WarningChange } from './follow-warnings.js';

const end: Cursor = [7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3];

const entry = (seq: number, over: Partial<JournalEntry> = {}): JournalEntry => ({
  ...{ topic: 'linli.risk.warnings.v1', partition: 0, seq, eventId: `e-${seq}`, actor: 'k-1' },
  ...{ type: 'linli.risk.warning.issued.v1', tenant: 'yuhang', aggregateId: `w-${seq}`, aggregateVersion: 2 },
  ...{ commandId: null, correlationId: 'c', causationId: null, at: new Date('2026-11-23T04:00:00Z') },
  data: { area: '330110003012', colour: 'yellow' },
  ...over,
});

const principal = (areas: string[] | null): Principal => ({
  ...{ tenant: 'yuhang', keyId: 'k', name: 'k', scopes: [], areas },
});

/** Follows a journal that says these entries at once; answers what was heard, and from where it was read. */
const follow = (
  entries: readonly JournalEntry[],
  areas: string[] | null,
  after: Cursor = end,
  exercise?: boolean,
) => {
  const heard: WarningChange[] = [];
  const bus = {
    from: null as Cursor | null,
    ended: false,
    tail: (...[, from, onEntries]: Parameters<Bus['tail']>) => {
      bus.from = from;
      onEntries(entries, from);
      return () => void (bus.ended = true);
    },
  };
  const whose = { principal: principal(areas), exercise };
  const following = followWarnings(bus, whose, after).subscribe((change) => heard.push(change));
  following.unsubscribe();
  return { heard, bus };
};

describe('following warnings', () => {
  it('begins after the cursor', () => {
    const cursor = end.map(() => 1);
    expect(follow([], null, cursor).bus.from).toEqual(cursor);
  });

  it('says each change with the cursor after it', () => {
    const { heard } = follow([entry(8), entry(4, { partition: 11 })], null);
    expect(heard).toEqual([
      {
        id: '8-0-0-0-0-0-0-0-0-0-0-3',
        type: 'linli.risk.warning.issued.v1',
        data: {
          ...{ warning: 'w-8', version: 2, at: '2026-11-23T04:00:00.000Z', actor: 'k-1' },
          ...{ exercise: false, area: '330110003012', colour: 'yellow' },
        },
      },
      expect.objectContaining({ id: '8-0-0-0-0-0-0-0-0-0-0-4' }),
    ]);
  });

  it('says what belongs to an exercise', () => {
    const drill = entry(8, {
      type: 'linli.risk.warning.issued.v2',
      data: { area: '330110003012', colour: 'yellow', exercise: true },
    });
    expect(follow([drill], null).heard).toMatchObject([{ data: { exercise: true } }]);
    const heard = (exercise?: boolean) =>
      follow([entry(7), drill], null, end, exercise).heard.map(({ id }) => id.split('-')[0]);
    expect([heard(), heard(true), heard(false)]).toEqual([['7', '8'], ['8'], ['7']]);
    expect(follow([entry(7), drill, entry(9)], null, end, true).heard[0]?.id).toMatch(/^8-/u);
  });

  it('says what is about a silence', () => {
    const reminder = entry(8, { type: 'linli.risk.silence.reminded.v1', aggregateId: 's-8' });
    const [change] = follow([reminder], null).heard;
    expect(change?.data).toMatchObject({ silence: 's-8' });
    expect(change?.data).not.toHaveProperty('warning');
  });

  it('leaves out what lies outside of the areas, belongs to another tenant, or has no area', () => {
    const entries = [
      entry(8),
      entry(9, { tenant: 'xihu' }),
      entry(10, { data: { area: '330106003012' } }),
      entry(11, { data: null }),
      entry(12, { data: { area: '330110' } }),
    ];
    const heardBy = (areas: string[] | null) =>
      follow(entries, areas).heard.map(({ id }) => id.split('-')[0]);
    expect(heardBy(['330110'])).toEqual(['8', '12']);
    expect(heardBy(['330110003'])).toEqual(['8']);
    expect(heardBy(null)).toEqual(['8', '10', '12']);
    expect(heardBy([])).toEqual([]);
  });

  it('ends with its listener', () => {
    expect(follow([], null).bus.ended).toBe(true);
  });
});

describe('a stream', () => {
  const bus = { end: () => Promise.resolve(end) };

  it('begins where the journal ends now, or after the cursor that a client brings', async () => {
    expect(await beginningOf(bus, undefined)).toEqual(end);
    expect(await beginningOf(bus, '6-0-0-0-0-0-0-0-0-0-0-3')).toEqual([6, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3]);
    expect(await beginningOf(bus, cursorText(end))).toEqual(end);
  });

  it.each([
    '',
    'x',
    '1-2',
    '0-0-0-0-0-0-0-0-0-0-0-0-0',
    '-1-0-0-0-0-0-0-0-0-0-0-0',
    '1.5-0-0-0-0-0-0-0-0-0-0-0',
    '8-0-0-0-0-0-0-0-0-0-0-3',
    '7-0-0-0-0-0-0-0-0-0-0-4',
  ])('refuses to begin after %j', async (last) => {
    await expect(beginningOf(bus, last)).rejects.toMatchObject({
      refusal: { code: 'RSK_LAST_EVENT_ID_INVALID', kind: 'malformed' },
    });
  });
});

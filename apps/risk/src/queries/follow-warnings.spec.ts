import { describe, expect, it } from '@jest/globals';
import type { Bus, Cursor, JournalEntry } from '@linli/bus';
import type { Principal } from '@linli/contracts';
import { cursorText, followWarnings, readCursorText, type WarningChange } from './follow-warnings.js';

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
const follow = async (entries: readonly JournalEntry[], areas: string[] | null, after: Cursor | null) => {
  const heard: WarningChange[] = [];
  const bus = {
    from: null as Cursor | null,
    ended: false,
    end: () => Promise.resolve(end),
    tail: (...[, from, onEntries]: Parameters<Bus['tail']>) => {
      bus.from = from;
      onEntries(entries, from);
      return () => void (bus.ended = true);
    },
  };
  const following = followWarnings(bus, principal(areas), after).subscribe((change) => heard.push(change));
  await Promise.resolve();
  await Promise.resolve();
  following.unsubscribe();
  return { heard, bus };
};

describe('following warnings', () => {
  it('begins where the journal ends now, or after the cursor', async () => {
    expect((await follow([], null, null)).bus.from).toEqual(end);
    const cursor = end.map(() => 1);
    expect((await follow([], null, cursor)).bus.from).toEqual(cursor);
  });

  it('says each change with the cursor after it', async () => {
    const { heard } = await follow([entry(8), entry(4, { partition: 11 })], null, null);
    expect(heard).toEqual([
      {
        id: '8-0-0-0-0-0-0-0-0-0-0-3',
        type: 'linli.risk.warning.issued.v1',
        data: {
          ...{ warning: 'w-8', version: 2, at: '2026-11-23T04:00:00.000Z', actor: 'k-1' },
          ...{ area: '330110003012', colour: 'yellow' },
        },
      },
      expect.objectContaining({ id: '8-0-0-0-0-0-0-0-0-0-0-4' }),
    ]);
  });

  it('leaves out what lies outside of the areas, belongs to another tenant, or has no area', async () => {
    const entries = [
      entry(8),
      entry(9, { tenant: 'xihu' }),
      entry(10, { data: { area: '330106003012' } }),
      entry(11, { data: null }),
      entry(12, { data: { area: '330110' } }),
    ];
    const heardBy = async (areas: string[] | null) =>
      (await follow(entries, areas, null)).heard.map(({ id }) => id.split('-')[0]);
    expect(await heardBy(['330110'])).toEqual(['8', '12']);
    expect(await heardBy(['330110003'])).toEqual(['8']);
    expect(await heardBy(null)).toEqual(['8', '10', '12']);
    expect(await heardBy([])).toEqual([]);
  });

  it('ends with its listener', async () => {
    expect((await follow([], null, null)).bus.ended).toBe(true);
  });
});

describe('a cursor', () => {
  it('reads what it wrote', () => {
    expect(readCursorText(cursorText(end))).toEqual(end);
  });

  it.each([undefined, '', '1-2', 'x', `${'1-'.repeat(11)}-1`, `${'1-'.repeat(12)}1`])(
    'is none when it is %s',
    (text) => {
      expect(readCursorText(text)).toBeNull();
    },
  );
});

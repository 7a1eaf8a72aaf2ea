import type { IntakeRecord } from '@linli/contracts';
import { Refused } from '@linli/kernel';
import { secretsFrom } from '@linli/service';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Judges, judgesSettings, type JudgesSettings } from './judges.js';
import { takeIn, type IntakeRequest } from './take-in.js';

const secrets = secretsFrom('a master secret of a test, 32 characters and more');
const now = Date.parse('2026-11-23T12:00:00Z');
const caller = { tenant: 'yuhang', keyId: 'k', name: 'urban brain', scopes: [], areas: null };
const known = {
  categories: new Map<string, string>(),
  areas: new Map<string, string>(),
  loaded: null,
  credibilities: new Map<string, number>(),
};

const event = (over: object = {}): object => ({
  ...{ id: 'a', source: 'urban-brain', category: 'DSP-04', area: '330106003012' },
  ...{ occurredAt: '2026-11-23T09:00:00+08:00', text: '楼道堆物影响通行', party: '李' },
  ...over,
});
const many = (over: (n: number) => object = () => ({})): object[] =>
  Array.from({ length: 300 }, (_, n) => event({ id: `e${n}`, ...over(n) }));
const requestOf = (body: unknown, over: Partial<IntakeRequest> = {}): IntakeRequest => ({
  body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
  headers: { 'content-type': 'application/json' },
  ...{ caller, known, now, correlationId: 'c' },
  ...over,
});

const open: Judges[] = [];
const errors: unknown[] = [];
const judgesWith = (settings: Partial<JudgesSettings> = {}): Judges => {
  const logger = { error: (said: unknown) => void errors.push(said) };
  const judges = new Judges(secrets, logger as never, { ...judgesSettings, smallBytes: 0, ...settings });
  open.push(judges);
  return judges;
};
afterEach(async () => {
  await Promise.all(open.splice(0).map((judges) => judges.onApplicationShutdown()));
  errors.length = 0;
});

type Judged = Awaited<ReturnType<Judges['take']>>;

/** All that can be told of a verdict; of a sealed text what it says. */
const told = (judged: Judged): unknown => {
  if ('noneTaken' in judged) return judged;
  const records = judged.packs.map(({ partition, value }) => {
    const record = JSON.parse(String(value)) as IntakeRecord;
    const opened = ({ text }: { text: string | null }) =>
      text === null ? null : secrets.open('risk.event-text', text);
    return {
      partition,
      ...record,
      events: record.events.map((one) => ({ ...one, text: opened(one) })),
    };
  });
  return { answer: JSON.parse(String(judged.answer)) as unknown, records };
};
const refusalOf = (judged: Promise<unknown>): Promise<unknown> =>
  judged.then(
    () => 'no refusal',
    (error: unknown) => (error instanceof Refused ? error.refusal : error),
  );

const mixed = many((n) => ({
  ...(n % 7 === 0 && { severity: 9 }),
  ...(n % 11 === 0 && { category: 'XXX-99' }),
  ...(n % 13 === 0 && { text: 'half \ud800 a character', place: { building: '12\n幢' } }),
  ...(n % 17 === 0 && { triggers: ['gas_alarm', 'nonsense'] }),
  area: `33010600${3010 + (n % 20)}`,
}));

describe('a request judged in a thread', () => {
  it.each<[string, unknown, object]>([
    ['good events', many(), {}],
    ['good and bad events', mixed, {}],
    ['no good event', many(() => ({ severity: 9 })), {}],
    ['lines', mixed.map((one) => JSON.stringify(one)).join('\n'), { 'content-type': 'application/x-ndjson' }],
    [
      'a cloud event in headers',
      event({ text: 'x'.repeat(3000) }),
      { 'ce-specversion': '1.0', 'ce-id': '7', 'ce-source': 's', 'ce-type': 't' },
    ],
    ['no event at all', [], {}],
  ])('has the verdict that it has at once: %s', async (_, body, headers) => {
    const all = { 'content-type': 'application/json', authorization: 'Bearer secret', ...headers };
    const inThread = await judgesWith().take(requestOf(body, { headers: all }));
    expect(told(inThread)).toEqual(told(takeIn(requestOf(body, { headers: all }), secrets)));
  });

  it.each<[string, unknown, string]>([
    ['what is not JSON', '[{'.repeat(20), 'RSK_BODY_NOT_JSON'],
    ['too many items', Array.from({ length: 1001 }, () => 1), 'RSK_TOO_MANY_ITEMS'],
  ])('is refused for %s as it is at once', async (_, body, code) => {
    expect(await refusalOf(judgesWith().take(requestOf(body)))).toMatchObject({ code });
  });

  it('knows what the tenant mapped meanwhile, and not what another tenant did', async () => {
    const judges = judgesWith({ threads: 1 });
    const theirs = many(() => ({ category: 'their-code' }));
    const mapped = { ...known, categories: new Map([['their-code', 'FIR-01']]) };
    const quarantined = async (over: Partial<IntakeRequest>): Promise<number> => {
      const judged = await judges.take(requestOf(theirs, over));
      return 'answer' in judged
        ? (JSON.parse(String(judged.answer)) as { quarantined: number }).quarantined
        : -1;
    };
    expect(await quarantined({ known })).toBe(300);
    expect(await quarantined({ known: mapped })).toBe(0);
    expect(await quarantined({ known: mapped })).toBe(0);
    expect(await quarantined({ caller: { ...caller, tenant: 'other' } })).toBe(300);
  });

  it('leaves alone what shares its memory', async () => {
    const body = Buffer.from(JSON.stringify(many()));
    const shared = Buffer.concat([Buffer.alloc(8), body, Buffer.alloc(400)]);
    await judgesWith().take({ ...requestOf(''), body: shared.subarray(8, 8 + body.length) });
    expect(shared.subarray(8, 8 + body.length)).toEqual(body);
  });
});

describe('the judges', () => {
  it('refuse, with nothing taken, what a thread had that ended, and go on with another', async () => {
    const judges = judgesWith({ threads: 1, entry: new URL('./broken-judge.fixture.js', import.meta.url) });
    const answers = await Promise.all([1, 2].map(() => refusalOf(judges.take(requestOf(many())))));
    expect(answers).toEqual([
      expect.objectContaining({ code: 'GTW_BUSY', detail: expect.stringContaining('Nothing was taken') }),
      expect.objectContaining({ code: 'GTW_BUSY' }),
    ]);
    expect(errors).toHaveLength(1);
    expect(await refusalOf(judges.take(requestOf(many())))).toMatchObject({ code: 'GTW_BUSY' });
    expect(errors).toHaveLength(2);
  });

  it('refuse more bytes than may wait, at once, and take again when they are judged', async () => {
    const bytes = Buffer.byteLength(JSON.stringify(many()));
    const judges = judgesWith({ waitingBytes: bytes * 3 });
    const waiting = [1, 2].map(() => judges.take(requestOf(many())));
    expect(await refusalOf(judges.take(requestOf([...many(), ...many()])))).toMatchObject({
      code: 'GTW_BUSY',
    });
    await Promise.all(waiting);
    expect(told(await judges.take(requestOf(many())))).toMatchObject({ answer: { accepted: 300 } });
  });

  it('take nothing any more once they are closed', async () => {
    const judges = judgesWith();
    await judges.take(requestOf(many()));
    await judges.onApplicationShutdown();
    expect(await refusalOf(judges.take(requestOf(many())))).toMatchObject({ code: 'GTW_BUSY' });
  });
});

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type {
  DeadLetterView,
  OpsResult,
  OpsStatus,
  ParkedKeyView,
  PartitionView,
  ServiceStatus,
} from '@linli/contracts';
import { showStatus } from '../commands/status.js';
import { FakeLinli } from '../testing/fake-linli.js';
import { runOn } from '../testing/run-on.js';
import { recordingTerminal } from '../testing/recording-terminal.js';

const ID = 'risk.0198f3a0-0000-7000-8000-000000000001';
const AT = '2026-11-23T02:10:00.000Z';

let system: FakeLinli;
beforeAll(async () => {
  system = await new FakeLinli().start();
});
afterAll(() => system.stop());
beforeEach(() => {
  system.ops.clear();
  system.bodies.length = 0;
});

const run = (...argv: string[]) => runOn(system, ...argv);

const partition = (changes: Partial<PartitionView> = {}): PartitionView => ({
  ...{ service: 'risk', topic: 'linli.risk.commands.v1', partition: 3, kind: 'commands' },
  ...{ next: 10, low: 0, high: 10, lag: 0, oldestUnreadSeconds: null, retentionSeconds: 1_209_600 },
  ...{ expiring: false, halted: null, haltedAt: null, pausedSince: null, lastProgressAt: AT },
  ...{ owner: 'o', crashes: 0, ...changes },
});
const service = (name: string, changes: Partial<ServiceStatus> = {}): ServiceStatus => ({
  ...{ service: name, reachable: true, live: true, ready: true, reasons: [], partitions: [], relay: null },
  ...{ deadLetters: { open: 0, replayed: 0, discarded: 0 }, parkedKeys: 0, healed: 0, figures: {} },
  ...{ lastFault: null, attention: [], ...changes },
});
const letter: DeadLetterView = {
  ...{ id: ID, service: 'risk', topic: 'linli.risk.intake.v1', partition: 7, offset: 12, item: 1 },
  ...{ state: 'open', error: 'check violated', at: AT, attempts: 1, endedAt: null, endedBy: null },
  ...{ endedReason: null, group: 'g', appendedAt: AT, headers: { a: 'b' }, raw: 'eyJhIjoxfQ==' },
  decoded: { a: 1 },
};
const result = (changes: Partial<OpsResult> = {}): OpsResult => ({
  ...{ action: 'replay-dead-letter', target: 't', dryRun: false, effect: 'applied', detail: '1 done' },
  ...{ messages: [], remaining: 0, ...changes },
});

describe('linli status', () => {
  it('shows a table of services and what needs attention, and fails when something does', async () => {
    const risk = service('risk', {
      partitions: [
        partition({ lag: 40, high: 50, oldestUnreadSeconds: 300 }),
        partition({ partition: 4, halted: 'made anew' }),
      ],
      relay: { unstamped: 1, unpublished: 2, oldestSeconds: 3 },
      deadLetters: { open: 2, replayed: 5, discarded: 0 },
      figures: { quarantined: 7 },
      attention: ['linli.risk.commands.v1/4 is halted: made anew'],
    });
    const status: OpsStatus = { at: AT, ok: false, services: [service('gateway'), risk] };
    system.ops.set('GET /v1/ops/status', [status]);
    const { code, out } = await run('status');
    expect(code).toBe(1);
    expect(out.slice(3)).toEqual([
      'service  ready  lag  oldest  rests  halted  unsent  dead  parked  figures',
      'gateway  yes    0    -       0      0       -       0     0',
      'risk     yes    40   5 min   0      1       3       2     0       7 quarantined',
      '! risk: linli.risk.commands.v1/4 is halted: made anew',
    ]);
    const { out: json } = await run('status', '--json');
    expect(JSON.parse(json[0] ?? '')).toMatchObject({ ready: true, operations: { ok: false } });
  });

  it('shows what it may to a key without the scope', async () => {
    const { code, out, err } = await run('status');
    expect([code, out.length]).toEqual([0, 3]);
    expect(err).toEqual(['the key lacks the scope ops: services, lag and what is stuck are not shown']);
  });

  it('looks again and again until it is ended', async () => {
    const terminal = recordingTerminal();
    const ending = new AbortController();
    let looks = 0;
    const clear = (): void => {
      looks += 1;
      if (looks === 2) ending.abort();
    };
    const options = { url: system.url, key: 'k', watch: true, signal: ending.signal };
    expect(await showStatus(options, { ...terminal, clear })).toBe(0);
    expect(looks).toBe(2);
  });
});

describe('linli dlq', () => {
  it('lists across pages, and fails when some are open', async () => {
    const page = (next: string | null) => ({ items: [letter], next });
    system.ops.set('GET /v1/ops/dead-letters', [page('risk.1'), page(null)]);
    const { code, out } = await run('dlq', 'list', '--topic', 't', '--error', 'check');
    expect(code).toBe(1);
    expect(out).toHaveLength(3);
    expect(out[1]).toBe(
      `${ID}  linli.risk.intake.v1/7@12#1  open   2026-11-23T02:10:00.000Z  1         check violated`,
    );
    expect(system.bodies.map(({ path }) => path)).toEqual([
      'GET /v1/ops/dead-letters?topic=t&state=open&errorContains=check&limit=50',
      'GET /v1/ops/dead-letters?topic=t&state=open&errorContains=check&limit=50&cursor=risk.1',
    ]);
  });

  it('says that there are none', async () => {
    system.ops.set('GET /v1/ops/dead-letters', [{ items: [], next: null }]);
    expect(await run('dlq', 'list')).toMatchObject({ code: 0, out: ['no open dead letters'] });
  });

  it('shows one whole, or raw', async () => {
    system.ops.set(`GET /v1/ops/dead-letters/${ID}`, [letter]);
    const { out } = await run('dlq', 'show', ID);
    expect(out).toContain('error     check violated');
    expect(out.join('\n')).toContain('"a": 1');
    expect((await run('dlq', 'show', ID, '--raw')).out).toEqual(['{"a":1}']);
  });

  it('replays by name with a reason, dry when asked, and fails when it failed again', async () => {
    const failed = result({ effect: 'failed', detail: 'it failed again: check', remaining: 1, dryRun: true });
    system.ops.set(`POST /v1/ops/dead-letters/${ID}/replay`, [result(), failed]);
    expect(await run('dlq', 'replay', ID, '--reason', 'mended')).toMatchObject({
      code: 0,
      out: ['✓ t: applied: 1 done'],
    });
    expect(await run('dlq', 'replay', ID, '--reason', 'mended', '--dry-run')).toMatchObject({
      code: 1,
      out: ['✗ t: would be failed: it failed again: check (1 remaining)'],
    });
    expect(system.bodies.map(({ body }) => body)).toEqual([
      { reason: 'mended' },
      { reason: 'mended', dryRun: true },
    ]);
  });

  it('replays all that fit, with progress and sums', async () => {
    const lines = [
      { id: ID, result: result() },
      { id: ID, result: result({ effect: 'failed', detail: 'again' }) },
      { done: true, applied: 1, failed: 1, nothing: 0, unknown: 0 },
    ];
    system.ops.set('POST /v1/ops/dead-letters/replay', [
      lines.map((line) => JSON.stringify(line)).join('\n'),
    ]);
    const all = ['dlq', 'replay', '--all', '--service', 'risk', '--error', 'check', '--reason', 'mended'];
    expect(await run(...all)).toEqual({
      code: 1,
      out: ['1 replayed, 1 failed, 0 had nothing to do, 0 on their way'],
      err: ['✗ t: failed: again'],
      progress: ['1 dead letters', '2 dead letters'],
    });
    expect(system.bodies[0]?.body).toEqual({ service: 'risk', errorContains: 'check', reason: 'mended' });
  });

  it('says when the answer of a bulk broke off', async () => {
    system.ops.set('POST /v1/ops/dead-letters/replay', [JSON.stringify({ id: ID, result: result() })]);
    const { code, err } = await run('dlq', 'replay', '--all', '--service', 'risk', '--reason', 'mended');
    expect([code, err]).toEqual([1, ['the answer broke off: what was done stays done, run it again']]);
  });

  it.each([
    ['neither names nor all', ['dlq', 'replay', '--reason', 'mended']],
    ['names and all', ['dlq', 'replay', ID, '--all', '--service', 'risk', '--reason', 'mended']],
    ['all without a service', ['dlq', 'replay', '--all', '--reason', 'mended']],
    ['no reason', ['dlq', 'discard', ID]],
    ['a partition that is none', ['partitions', 'resume', 'here', '--reason', 'mended']],
    [
      'a position that is none',
      ['partitions', 'resume', 'linli.risk.x.v1/1', '--reason', 'r r r', '--position', '-1'],
    ],
    ['a mapping that is none', ['quarantine', 'replay', '--category', 'NOISE']],
  ])('calls %s wrong usage', async (_, argv) => {
    expect((await run(...argv)).code).toBe(2);
    expect(system.bodies).toEqual([]);
  });
});

describe('linli keys', () => {
  const key: ParkedKeyView = {
    ...{ id: ID, service: 'risk', topic: 'linli.risk.commands.v1', partition: 3, key: 'warning-1' },
    ...{ since: AT, reason: 'check violated', attempts: 2, waiting: 1, group: 'g' },
    messages: [
      { id: 'c-1', type: 'risk.verify-warning', offset: 4, appendedAt: AT, body: { data: { a: 1 } } },
    ],
  };

  it('lists and shows', async () => {
    system.ops.set('GET /v1/ops/parked-keys', [{ items: [key], next: null }]);
    system.ops.set(`GET /v1/ops/parked-keys/${ID}`, [key]);
    const { code, out } = await run('keys', 'list');
    expect([code, out.length]).toEqual([1, 2]);
    expect((await run('keys', 'show', ID)).out.at(-1)).toBe(`  1. risk.verify-warning c-1 of ${AT}  {"a":1}`);
  });

  it('releases again while more waits', async () => {
    const part = result({ action: 'release-key', effect: 'partly', detail: '50 done', remaining: 7 });
    const end = result({ action: 'release-key', detail: '7 done; the key is free' });
    system.ops.set(`POST /v1/ops/parked-keys/${ID}/release`, [part, part, end]);
    const released = await run('keys', 'release', ID, '--reason', 'mended');
    expect(released).toMatchObject({ code: 0, out: ['✓ t: applied: 7 done; the key is free'] });
    expect(released.progress).toHaveLength(2);
    expect(system.bodies).toHaveLength(3);
  });

  it('discards the first with a reason', async () => {
    const messages: OpsResult['messages'] = [
      { id: 'c-1', type: 'risk.verify-warning', status: 'discarded', code: null, detail: 'hopeless' },
    ];
    system.ops.set(`POST /v1/ops/parked-keys/${ID}/discard-first`, [result({ messages })]);
    const { out } = await run('keys', 'discard-first', ID, '--reason', 'hopeless');
    expect(out[1]).toBe('    discarded risk.verify-warning c-1  hopeless');
  });
});

describe('linli partitions', () => {
  it('lists those that need a look', async () => {
    const items = [
      partition(),
      partition({ partition: 4, halted: 'made anew', lag: 2, oldestUnreadSeconds: 7300 }),
    ];
    system.ops.set('GET /v1/ops/partitions', [{ items }]);
    const { code, out } = await run('partitions', 'list');
    expect(code).toBe(1);
    expect(out).toHaveLength(2);
    expect(out[1]).toContain('linli.risk.commands.v1/4  10    0..10  2    2.0 h');
    expect(out[1]).toContain('HALTED: made anew');
    expect((await run('partitions', 'list', '--all')).out).toHaveLength(3);
  });

  it('resumes one at a position, of the service that its topic names', async () => {
    const path = 'POST /v1/ops/partitions/risk/linli.risk.commands.v1/3/resume';
    system.ops.set(path, [result({ action: 'resume-partition', detail: 'goes on from 12' })]);
    const resume = ['partitions', 'resume', 'linli.risk.commands.v1/3', '--position', '12'];
    const { out } = await run(...resume, '--reason', 'expired, seen');
    expect(out).toEqual(['✓ t: applied: goes on from 12']);
    expect(system.bodies).toMatchObject([{ path, body: { position: 12, reason: 'expired, seen' } }]);
  });
});

describe('linli outcome and audit', () => {
  it('says what became of a command', async () => {
    const outcome = {
      ...{ commandId: '0198f3a0-0000-7000-8000-000000000001', tenant: 'default', requestHash: 'h' },
      ...{ aggregateId: '0198f3a0-0000-7000-8000-000000000002', status: 'refused', resource: null },
      ...{ aggregateVersion: null, completedAt: AT },
      refusal: { code: 'WRN_STATE', kind: 'conflict', detail: 'not now' },
    };
    system.ops.set('GET /v1/ops/outcomes/x', [outcome]);
    expect(await run('outcome', 'x')).toMatchObject({
      code: 0,
      out: [
        'refused at 2026-11-23T02:10:00.000Z, tenant default, aggregate 0198f3a0-0000-7000-8000-000000000002 version -',
        'WRN_STATE: not now',
      ],
    });
    expect((await run('outcome', 'y')).code).toBe(1);
  });

  it('names the first wrong row of a chain, and fails', async () => {
    const chain = { service: 'risk', topic: 't', partition: 0, rows: 4, anchored: 3, fault: null };
    const lines = [
      chain,
      { ...chain, partition: 1, fault: { seq: 5, problem: 'was changed' } },
      { service: 'other', unreachable: 'away' },
      { done: true, chains: 2, rows: 8, faults: 2 },
    ];
    system.ops.set('POST /v1/ops/audit/verify', [lines.map((line) => JSON.stringify(line)).join('\n')]);
    expect(await run('audit', 'verify')).toMatchObject({
      code: 1,
      out: [
        '✗ risk t/1: row 5 was changed',
        '✗ other: not reachable: away',
        '2 chains with 8 rows verified, 6 rows confirmed by anchors, 2 faults',
      ],
      progress: ['1 chains', '2 chains', '3 chains'],
    });
  });
});

import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { FakeLinli, type Faults } from '../testing/fake-linli.js';
import { runDemo } from './run-demo.js';

const QUICK = { quietMs: 30, key: 'admin' };

const run = async (faults: Faults = {}) => {
  const system = await new FakeLinli(faults).start();
  const lines: string[] = [];
  const out = (line: string): void => void lines.push(line);
  const result = await runDemo({ ...QUICK, exit: true, url: system.url, out });
  return { ...result, lines, system };
};

describe('a demonstration that went well', () => {
  let told: Awaited<ReturnType<typeof run>>;
  beforeAll(async () => (told = await run()));
  afterAll(() => told.system.stop());

  it('accounts for every event it sent, and ends with one JSON line', () => {
    const { code, lines } = told;
    expect(code).toBe(0);
    const last = JSON.parse(lines.at(-1) ?? '') as Record<string, unknown>;
    expect(last).toEqual({
      events: 3755,
      accepted: 3674,
      rejected: 15,
      quarantined: 66,
      duplicates: 191,
      warnings: { red: 0, orange: 108, yellow: 115 },
      acknowledged: 223,
      exercises: 1,
      seconds: expect.any(Number),
    });
    expect(lines).toContain('  3,755 sent = 3,674 accepted + 66 quarantined + 15 rejected   ✓');
    expect(lines).toContain('  3,674 accepted = 3,483 stored once + 191 duplicates   ✓');
    expect(lines).toContain('  66 quarantined = 66 kept in quarantine   ✓');
  });

  it('prints the table by colour', () => {
    const at = told.lines.indexOf('Warnings           raised       issued acknowledged');
    expect(told.lines.slice(at + 1, at + 5)).toEqual([
      '  red    红             0            0            0',
      '  orange 橙           108          108          108',
      '  yellow 黄           115          115          115',
      '  exercise 演练         1            1            1',
    ]);
  });

  it('prints no escape codes where colour is unwanted', () => {
    expect(told.lines.join('')).not.toContain('\u001B');
  });

  it('says that the alarm is an exercise when the casework raised no red', () => {
    expect(told.lines).toContain(
      'The casework raised no red warning. An exercise 演练, marked as one: a confirmed gas alarm.',
    );
  });

  it('lets the duty officer issue, and the officer of the street acknowledge', () => {
    const acts = told.system.bodies.filter(({ path }) => path.startsWith('/v1/warnings/'));
    const keysOf = (verb: string) =>
      new Set(acts.filter(({ path }) => path.endsWith(verb)).map(({ key }) => key));
    expect([...keysOf('/issue')]).toEqual(['key-6']);
    expect([...keysOf('/acknowledge')].toSorted()).toEqual(['key-0', 'key-1', 'key-2', 'key-3', 'key-4']);
  });

  it('is not told twice to one system', async () => {
    const again = runDemo({ ...QUICK, exit: true, url: told.system.url, out: () => {} });
    await expect(again).rejects.toThrow('already holds 3549 events of "urban-brain"');
  });
});

describe('the demonstration', () => {
  let system: FakeLinli;
  afterEach(() => system.stop());

  it('fails when the numbers do not add up', async () => {
    const told = await run({ overcounts: true });
    ({ system } = told);
    expect(told.code).toBe(1);
    expect(told.lines).toContain('  3,674 accepted ≠ 3,483 stored once + 382 duplicates   ✗');
  });

  it('leaves three lines to try, and stays until the person has seen enough', async () => {
    let end = (): void => {};
    const ended = new Promise<void>((resolve) => (end = resolve));
    system = await new FakeLinli().start();
    const lines: string[] = [];
    const out = (line: string): void => {
      lines.push(line);
      if (line.includes("/v1/risk-events'")) end();
    };
    const { code } = await runDemo({ ...QUICK, exit: false, url: system.url, out, ended });
    expect(code).toBe(0);
    expect(lines.filter((line) => line.startsWith(`curl -s '${system.url}/`))).toHaveLength(3);
  });

  it('stops its system and reports the interruption when cut short', async () => {
    system = await new FakeLinli().start();
    let stopped = 0;
    const start = () =>
      Promise.resolve({ url: system.url, apiKey: 'admin', stop: () => Promise.resolve(void (stopped += 1)) });
    const result = await runDemo({ exit: true, start, out: () => {}, ended: Promise.resolve() });
    expect(result).toEqual({ code: 130, summary: null });
    expect(stopped).toBe(1);
  });
});

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Parser } from '@asyncapi/parser';
import { riskCommands, riskFacts } from '@linli/contracts';
import { Ajv2020 } from 'ajv/dist/2020.js';
import ajvFormats from 'ajv-formats';
import { parse } from 'yaml';
import { asyncapi, factHeaders } from './asyncapi.js';
import { differences, documents, write } from './documents.js';
import { schemas } from './schemas.js';
import { warningStates } from './warning-states.js';

const at = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url));

const errorsOf = async (text: string): Promise<string[]> => {
  const { document, diagnostics } = await new Parser().parse(text);
  return document ? [] : diagnostics.map(({ message }) => message);
};

describe('the AsyncAPI document', () => {
  it('is valid AsyncAPI', async () => {
    expect(await errorsOf(asyncapi('1.0.0'))).toEqual([]);
  });

  it('would not be called valid with an operation on a channel that is not there', async () => {
    const broken = asyncapi('1.0.0').replace(
      '$ref: "#/channels/linli.risk.warnings.v1"',
      '$ref: "#/channels/no"',
    );

    expect(broken).not.toBe(asyncapi('1.0.0'));
    expect(await errorsOf(broken)).not.toEqual([]);
  });

  it('names the four topics of the risk service with their frozen partitions', () => {
    const { channels } = parse(asyncapi('1.0.0')) as {
      channels: Record<string, { bindings: { kafka: { partitions: number } } }>;
    };

    expect(Object.entries(channels).map(([name, { bindings }]) => [name, bindings.kafka.partitions])).toEqual(
      [
        ['linli.risk.intake.v1', 12],
        ['linli.risk.commands.v1', 12],
        ['linli.risk.warnings.v1', 12],
        ['linli.risk.operations.v1', 1],
      ],
    );
  });

  it('describes the headers that the bus writes, and no others', () => {
    const source = readFileSync(at('libs/bus/src/wire/fact-record.ts'), 'utf8');
    const written = [...source.matchAll(/^\s*(?:\.\.\..*\{ )?(ce_[a-z]+):/gmu)].map(([, name]) =>
      String(name),
    );

    expect(written.toSorted()).toEqual(Object.keys(factHeaders).toSorted());
  });
});

describe('the JSON Schemas', () => {
  const ajv = new Ajv2020({ strict: true, strictTuples: false });
  ajvFormats.default(ajv);

  it('are there for every fact and every command', () => {
    expect(schemas().size).toBe(riskFacts.length + Object.keys(riskCommands).length + 1);
  });

  it.each(riskFacts.map(({ type, example }) => ({ type, example })))(
    'accept the example of $type and refuse nonsense',
    ({ type, example }) => {
      const validate = ajv.compile(schemas().get(type) ?? false);

      expect([validate(example), validate.errors]).toEqual([true, null]);
      expect(validate({ ...example, area: 330106003012 })).toBe(false);
      expect(validate({})).toBe(false);
    },
  );
});

describe('the picture of the states', () => {
  it('has an arrow for every state a move leads to, and says who may where colours differ', () => {
    const move = {
      from: ['none'],
      command: 'raise',
      guards: [],
      to: 'open',
      starts: ['ack'],
      stops: [],
      pauses: [],
      fact: 'raised',
    };
    const system = { 1: ['system'], 2: ['system'], 3: ['system'] };
    const look = { ...move, from: ['open'], command: 'look', starts: [], who: { ...system, 3: ['owner'] } };
    const rows = [
      { ...move, who: system },
      { ...look, to: 'same', pauses: ['ack'] },
      {
        ...{ ...look, as: 'gone', to: 'closed', stops: ['ack', 'plan'], unless: 'WRN_LEVEL' },
        guards: [{ name: 'hasEyes', code: 'WRN_BLIND' }],
      },
    ];

    const lines = warningStates(rows).split('\n');
    expect(lines.filter((line) => line.includes('-->'))).toEqual([
      '  [*] --> open: raise',
      '  open --> open: look',
      '  open --> closed: look (gone)',
    ]);
    const who = 'yellow: system; orange: system; red: owner';
    expect(lines.filter((line) => line.startsWith('|')).slice(2)).toEqual([
      '| none | raise | system |  | open | start ack | raised |  |',
      `| open | look | ${who} |  | same | pause ack | raised |  |`,
      `| open | look (gone) | ${who} | hasEyes | closed | stop ack, stop plan | raised | WRN_BLIND, WRN_LEVEL |`,
    ]);
  });
});

describe('the check of generated documents', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'linli-docs-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('finds nothing after they were written', async () => {
    const generated = await documents('1.0.0');

    write(folder, generated);

    expect(differences(folder, generated)).toEqual([]);
  });

  it('finds what was edited, what is missing and what nothing generates', () => {
    const generated = new Map([
      ['a.md', 'a'],
      ['below/b.md', 'b'],
    ]);
    writeFileSync(join(folder, 'a.md'), 'edited');
    mkdirSync(join(folder, 'below'));
    writeFileSync(join(folder, 'below/old.md'), '');

    expect(differences(folder, generated)).toEqual([
      'a.md is out of date',
      'below/b.md is missing',
      'below/old.md is generated by nothing',
    ]);
    write(folder, generated);
    expect(differences(folder, generated)).toEqual([]);
  });
});

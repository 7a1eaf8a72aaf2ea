import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { importsOf } from '@linli/boundaries';
import { RISK_COMMANDS, RISK_INTAKE, RISK_WARNINGS, riskCommands, riskFacts } from '@linli/contracts';
import { brokenSteps, stepsIn, type Ground } from './journey.js';

const at = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url));

const contracts = new Map([
  [RISK_INTAKE.name, 'RISK_INTAKE'],
  [RISK_COMMANDS.name, 'RISK_COMMANDS'],
  [RISK_WARNINGS.name, 'RISK_WARNINGS'],
  ...Object.keys(riskCommands).map((type) => [type, type] as const),
  ...riskFacts.map(({ type }) => [type, type] as const),
]);

describe('docs/journeys/risk-warning.md', () => {
  const steps = stepsIn(readFileSync(at('docs/journeys/risk-warning.md'), 'utf8'));

  it('leads from the gateway to the acknowledgement in more than ten steps', () => {
    expect(steps.length).toBeGreaterThan(10);
    expect(steps[0]?.file).toMatch(/^apps\/gateway\/src\/commands\//u);
    expect(steps.at(-1)?.file).toMatch(/^apps\/risk\/src\/commands\/warning-orders[.]ts$/u);
  });

  it('names files that exist, each leading to the next', async () => {
    const ground: Ground = {
      exists: (file) => existsSync(at(file)),
      imports: await importsOf(at('')),
      textOf: (file) => readFileSync(at(file), 'utf8'),
      contracts,
    };

    expect(brokenSteps(steps, ground)).toEqual([]);
  });
});

describe('the check of a journey', () => {
  const texts: Record<string, string> = {
    'a.ts': '',
    'b.ts': 'publish(RISK_INTAKE)',
    'c.ts': "consume('linli.risk.intake.v1')",
  };
  const ground: Ground = {
    exists: (file) => file in texts,
    imports: new Map([['a.ts', ['b.ts']]]),
    textOf: (file) => texts[file] ?? '',
    contracts,
  };
  const journey = [
    { file: 'a.ts', onward: 'import' },
    { file: 'b.ts', onward: 'topic `linli.risk.intake.v1`' },
    { file: 'c.ts', onward: 'end' },
  ];

  it('reads the steps of a table', () => {
    expect(
      stepsIn('| # | file | what | onward |\n|---|---|---|---|\n| 1 | `a.ts` | does `x` | topic `t` |\n'),
    ).toEqual([{ file: 'a.ts', onward: 'topic `t`' }]);
  });

  it('finds nothing wrong with one that holds', () => {
    expect(brokenSteps(journey, ground)).toEqual([]);
  });

  it('is red about a file that is not there', () => {
    expect(brokenSteps([{ file: 'gone.ts', onward: 'end' }], ground)).toEqual(['gone.ts does not exist']);
  });

  it('is red about two files that do not import one another', () => {
    expect(brokenSteps(journey, { ...ground, imports: new Map() })).toEqual([
      'b.ts and the steps before it do not import one another',
    ]);
  });

  it('knows that one file calls several after each other, but not across a message', () => {
    const calls = { ...ground, imports: new Map([['a.ts', ['b.ts', 'c.ts']]]) };
    const a = { file: 'a.ts', onward: 'import' };
    const b = { file: 'b.ts', onward: 'import' };
    const c = { file: 'c.ts', onward: 'import' };

    expect(brokenSteps([a, b, { ...c, onward: 'end' }], calls)).toEqual([]);
    expect(
      brokenSteps([a, { ...b, onward: 'topic `linli.risk.intake.v1`' }, c, { ...a, onward: 'end' }], {
        ...ground,
        imports: new Map([['a.ts', ['b.ts']]]),
      }),
    ).toEqual(['a.ts and the steps before it do not import one another']);
  });

  it('is red about a message that is in no contract, or that a file does not mention', () => {
    const via = (name: string) => [{ file: 'b.ts', onward: `topic \`${name}\`` }, ...journey.slice(2)];

    expect(brokenSteps(via('linli.risk.rumours.v1'), ground)).toEqual([
      'linli.risk.rumours.v1 is no topic, command or fact of the contracts',
    ]);
    expect(brokenSteps(via('linli.risk.commands.v1'), ground)).toEqual([
      'b.ts does not mention linli.risk.commands.v1',
      'c.ts does not mention linli.risk.commands.v1',
    ]);
  });

  it('is red about a step that does not say how it goes on', () => {
    expect(brokenSteps([...journey.slice(0, 2), { file: 'c.ts', onward: '' }], ground)).toEqual([
      'c.ts is the last step and does not say end',
    ]);
    expect(brokenSteps([{ file: 'a.ts', onward: '' }, ...journey.slice(1)], ground)).toEqual([
      'a.ts does not say how it goes on',
    ]);
  });
});

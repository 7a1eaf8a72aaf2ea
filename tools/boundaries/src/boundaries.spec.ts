import { cpSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { check, rules } from './check.js';

const fixtures = fileURLToPath(new URL('../fixtures', import.meta.url));

/** Every rule, and the place where its fixture breaks it. */
const offences = {
  'service-arrows': 'apps/gateway/src/clients/offence.ts',
  'kit-arrows': 'libs/store/src/offence.ts',
  'contracts-arrows': 'libs/contracts/src/offence.ts',
  'kernel-arrows': 'libs/kernel/src/offence.ts',
  'tests-only-from-specs': 'libs/store/src/offence.ts',
  'through-the-front': 'apps/risk/src/clients/offence.ts',
  'kernel-alone': 'libs/kernel/src/offence.ts',
  'contracts-zod-only': 'libs/contracts/src/offence.ts',
  'no-cycles': 'apps/risk/src/domain/offence.ts',
  resolvable: 'apps/risk/src/store/offence.ts',
  'domain-pure': 'apps/risk/src/domain/offence.ts',
  'store-to-domain': 'apps/risk/src/store/offence.ts',
  'clients-alone': 'apps/risk/src/clients/offence.ts',
  'doors-open-outwards': 'apps/risk/src/published.ts',
  'doors-apart': 'apps/risk/src/commands/offence.ts',
  'time-from-the-clock': 'apps/risk/src/store/offence.ts:1',
  'settings-from-config': 'apps/risk/src/store/offence.ts:1',
  'seven-rooms': 'apps/risk/src/helpers/offence.ts',
};

describe('the boundaries', () => {
  let root: string;
  beforeEach(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), 'linli-boundaries-')));
    cpSync(join(fixtures, 'lawful'), root, { recursive: true });
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it('are kept by a lawful workspace', async () => {
    expect(await check(root)).toEqual([]);
  });

  it.each(Object.entries(offences))('turn red when %s is broken', async (rule, where) => {
    cpSync(join(fixtures, rule), root, { recursive: true });

    const violations = await check(root);

    expect([...new Set(violations.map((violation) => violation.rule))]).toEqual([rule]);
    expect(violations.map((violation) => violation.where)).toContain(where);
  });

  it('have a fixture for every rule', () => {
    expect(rules.toSorted()).toEqual(Object.keys(offences).toSorted());
    expect(readdirSync(fixtures).toSorted()).toEqual(['lawful', ...Object.keys(offences)].toSorted());
  });
});

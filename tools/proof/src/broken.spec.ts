import { describe, expect, it } from '@jest/globals';
import { Broken, Findings } from './broken.js';

describe('findings', () => {
  it('break the promise together, the first twenty of them told', () => {
    const findings = new Findings();
    findings.note(null, ...Array.from({ length: 30 }, (_, n) => `wrong ${n + 1}`), null);
    const settle = (): void => findings.settle('T0');
    expect(settle).toThrow(Broken);
    expect(settle).toThrow(/^broken:\nT0\nwrong 1\n[^]*\nwrong 20$/u);
  });

  it('are none where all was right', () => {
    const findings = new Findings();
    findings.note(null, null);
    expect(() => findings.settle('T0')).not.toThrow();
  });
});

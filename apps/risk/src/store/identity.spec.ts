import { describe, expect, it } from '@jest/globals';
import { assert, property, string } from 'fast-check';
import { v5 } from 'uuid';
import { placeIdOf, warningIdOf } from './identity.js';

const PLACES = 'b3a9d2f0-53c4-5e0e-8c57-2f6c9c1b7d10';
const WARNINGS = '1e4b7c55-0d0e-5f3a-9a56-7d1f0c2e8b24';

describe('ids', () => {
  it('of places and warnings are what they ever were', () => {
    const id = placeIdOf(
      'yuhang',
      'DSP-04',
      { kind: 'grid', name: '330110003012-05' },
      '330110003012',
      false,
    );
    expect(id).toBe(v5('6:yuhang,6:DSP-04,33:grid:330110003012/330110003012-05', PLACES));
    const drill = placeIdOf(
      'yuhang',
      'DSP-04',
      { kind: 'grid', name: '330110003012-05' },
      '330110003012',
      true,
    );
    expect(drill).toBe(v5('6:yuhang,6:DSP-04,33:grid:330110003012/330110003012-05,8:exercise', PLACES));
    expect(warningIdOf(id, 3)).toBe(v5(`36:${id},1:3`, WARNINGS));
  });

  it('are UUIDs of version 5, whatever the names', () => {
    const name = string({ unit: 'binary', maxLength: 40 });
    assert(
      property(name, name, (tenant, category) => {
        const parts = [tenant, category, 'area:330110003012'];
        const text = parts.map((part) => `${part.length}:${part}`).join(',');
        return (
          placeIdOf(tenant, category, { kind: 'area', name: '330110003012' }, '330110003012', false) ===
          v5(text, PLACES)
        );
      }),
      { numRuns: 50 },
    );
  });
});

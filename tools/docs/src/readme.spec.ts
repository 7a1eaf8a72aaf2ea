import { describe, expect, it } from '@jest/globals';
import { withSettings } from './readme.js';

describe('the settings in the README', () => {
  const marked = 'before\n<!-- settings:start -->\nold\n<!-- settings:end -->\nafter\n';

  it('stand between the marks, out of the reach of the formatter', () => {
    expect(withSettings(marked, '| a |\n')).toBe(
      'before\n<!-- settings:start -->\n<!-- prettier-ignore-start -->\n\n| a |\n\n<!-- prettier-ignore-end -->\n<!-- settings:end -->\nafter\n',
    );
  });

  it('change nothing when they are there already, or when there are no marks', () => {
    const written = withSettings(marked, '| a |\n');

    expect(withSettings(written, '| a |\n')).toBe(written);
    expect(withSettings('no marks', '| a |\n')).toBe('no marks');
  });
});

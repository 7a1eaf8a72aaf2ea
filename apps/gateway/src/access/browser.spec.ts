import { describe, expect, it } from '@jest/globals';
import { refuse, Refused } from '@linli/kernel';
import type { RefusedWith } from '@linli/service';
import { askingBrowser, bearerOf } from './browser.js';

const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;

describe('a key shown by a browser', () => {
  it.each([
    [basic('anybody:lk_1_2'), 'Bearer lk_1_2'],
    [basic(':a key: with a colon'), 'Bearer a key: with a colon'],
    [basic('no colon'), 'Bearer '],
    [basic('a:').replace('Basic', 'bAsIc'), 'Bearer '],
    ['Basic !', 'Basic !'],
    ['Bearer lk_1_2', 'Bearer lk_1_2'],
    [undefined, undefined],
  ])('%s is read as %s', (shown, read) => {
    expect(bearerOf(shown)).toBe(read);
  });

  it('that is none is asked for by the browser; other refusals stay as they are', () => {
    const told = (error: unknown): unknown => {
      try {
        return askingBrowser(error);
      } catch (thrown) {
        return thrown;
      }
    };
    const missing = told(new Refused(refuse('GTW_KEY_MISSING', 'unauthenticated', 'no key'))) as RefusedWith;
    expect(missing.refusal.code).toBe('GTW_KEY_MISSING');
    expect(missing.more.headers).toEqual({
      'www-authenticate': 'Basic realm="linli: an API key as the password", charset="UTF-8"',
    });
    const away = new Refused(refuse('GTW_KEYS_UNAVAILABLE', 'unavailable', 'away'));
    expect(told(away)).toBe(away);
  });
});

import { describe, expect, it } from '@jest/globals';
import { newKeyText, readKey, showKey } from './key-text.js';

describe('an API key', () => {
  it('is read as it was shown', () => {
    const key = newKeyText();
    expect(readKey(showKey(key))).toEqual(key);
    expect(Buffer.from(key.secret, 'base64url')).toHaveLength(32);
  });

  it('with any one character wrong is none, without asking the database', () => {
    const shown = showKey(newKeyText());
    for (let at = 3; at < shown.length; at += 1) {
      const wrong = shown[at] === 'a' ? 'b' : 'a';
      expect(readKey(shown.slice(0, at) + wrong + shown.slice(at + 1))).toBeNull();
    }
    expect(readKey(shown.slice(0, -1))).toBeNull();
    expect(readKey('')).toBeNull();
  });
});

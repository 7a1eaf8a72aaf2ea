import { PassThrough } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { eventually } from '@linli/testing';
import { copyEvents } from './copy-events.js';

const COMMENT = ': still here\n\n';

describe('copied events', () => {
  it('get comments between them, never inside one', async () => {
    const [from, to] = [new PassThrough(), new PassThrough()];
    let seen = '';
    to.on('data', (chunk) => (seen += String(chunk)));
    const copying = copyEvents(from, to, 5);
    await eventually(() => seen.includes(COMMENT));
    from.write('id: 1\nda');
    await eventually(() => seen.endsWith('id: 1\nda'));
    const before = seen;
    // As long as ten heartbeats last, nothing may come.
    await expect(eventually(() => seen !== before, { withinMs: 50, everyMs: 5 })).rejects.toThrow();
    const [first, second] = [Buffer.from('ta: 千\n\n').subarray(0, 6), Buffer.from('ta: 千\n\n').subarray(6)];
    from.write(first);
    from.end(second);
    await copying;
    expect(seen.replaceAll(COMMENT, '')).toBe('id: 1\ndata: 千\n\n');
  });
});

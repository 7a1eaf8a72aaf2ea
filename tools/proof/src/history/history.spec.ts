import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { temporaryDir } from '@linli/testing';
import { History, readHistory } from './history.js';
import { wishesOf } from './wishes.js';

describe('a history', () => {
  it('is on disk line by line, and gives back the wishes with their last word', () => {
    const dir = temporaryDir('history');
    const history = new History(join(dir.path, 'history.jsonl'));
    const line = { p: 1, key: 'k', cmd: 'POST /v1/warnings/w/verify', tenant: 't' };
    history.add({ ...line, i: history.nextAttempt(), type: 'invoke', status: null });
    history.add({ ...line, i: 1, type: 'info', status: null });
    history.add({ ...line, i: history.nextAttempt(), type: 'invoke', status: null });
    history.add({ ...line, i: 2, type: 'ok', status: 200, version: 4 });
    history.add({ ...line, key: 'l', i: history.nextAttempt(), type: 'invoke', status: null });
    const wishes = wishesOf(readHistory(history.file));
    history.close();
    dir.remove();
    expect(wishes).toMatchObject([
      { key: 'k', type: 'ok', status: 200, version: 4, attempts: 2 },
      { key: 'l', type: 'info', status: null, attempts: 1 },
    ]);
  });
});

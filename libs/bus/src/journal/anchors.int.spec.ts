import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHmac } from 'node:crypto';
import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@linli/kernel';
import { macSigner } from '../wire/signer.js';
import { memoryBusStore } from '../store/memory/memory-bus-store.js';
import { MemoryTables } from '../store/memory/memory-tables.js';
import { anchorFile } from './anchor-file.js';
import { Anchors } from './anchors.js';
import { verifyChain } from './chain.js';
import { stampAll } from './stamper.js';
import { anEntry } from './workbench.js';

const topic = { name: 'anchored.v1', partitions: 1, holds: 'facts' as const };
const signer = macSigner((text) => createHmac('sha256', 'a key outside').update(text).digest());
let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'linli-anchors-'));
});
afterAll(() => rm(dir, { recursive: true }));

let files = 0;
const aJournal = async () => {
  const store = memoryBusStore(new MemoryTables());
  const path = join(dir, `${(files += 1)}`, 'service.jsonl');
  const anchoring = { sink: anchorFile(path), signer };
  const anchors = new Anchors({ ...anchoring, store, clock: systemClock, topics: [topic] });
  await store.transaction('relay', (tx) => store.journal.open(tx, topic));
  const tell = async (count: number): Promise<void> => {
    const entries = Array.from({ length: count }, (_, n) => anEntry(topic, n + 1));
    await store.transaction('consumer', (tx) => store.journal.append(tx, entries));
    await stampAll(store);
  };
  return {
    store,
    path,
    anchoring,
    anchors,
    tell,
    verify: () => verifyChain(store, topic.name, 0, anchoring),
  };
};

describe('anchors', () => {
  it('are dropped for streams that moved, and say how far the chain is confirmed', async () => {
    const { anchors, tell, verify, anchoring } = await aJournal();
    await anchors.drop();
    expect(await anchoring.sink.of(topic.name, 0)).toEqual([]);
    await tell(3);
    expect(await verify()).toMatchObject({ rows: 3, anchored: 0, fault: null });
    await anchors.drop();
    await anchors.drop();
    expect(await anchoring.sink.of(topic.name, 0)).toHaveLength(1);
    await tell(2);
    expect(await verify()).toMatchObject({ rows: 5, anchored: 3, fault: null });
  });

  it('survive a line that a crash tore', async () => {
    const { anchors, tell, verify, path } = await aJournal();
    await tell(3);
    await anchors.drop();
    await appendFile(path, '\n{"topic":"anch');
    await tell(2);
    await anchors.drop();
    expect(await verify()).toMatchObject({ anchored: 5, fault: null });
  });

  it('are found out when somebody without the key changes one', async () => {
    const { anchors, tell, verify, path } = await aJournal();
    await tell(3);
    await anchors.drop();
    await writeFile(path, (await readFile(path, 'utf8')).replace('"seq":3', '"seq":2'));
    expect(await verify()).toMatchObject({
      fault: { seq: 2, problem: expect.stringContaining('not genuine') },
    });
  });
});

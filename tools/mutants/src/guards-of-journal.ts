import type { Check, Mutant } from './mutant.js';

const SEEDS: Check = { seeds: 400 };
const bus = (specs: string): Check => ({ project: 'libs/bus', tier: 'unit', specs });

/** Guards of the way from a transaction to the log. */
export const guardsOfJournal: readonly Mutant[] = [
  {
    name: 'serial-as-position',
    without: 'numbers are dense within each partition, not one serial for all',
    patches: [
      {
        file: 'libs/bus/src/journal/stamper.ts',
        text: 'seq: end.seq + 1,',
        instead: 'seq: Math.max(...[...ends.values()].map(({ seq }) => seq)) + 1,',
      },
    ],
    checks: [SEEDS, bus('journal/')],
  },
  {
    name: 'number-in-memory',
    without: 'a fact is sent with the number that the journal gave it',
    patches: [
      {
        file: 'libs/bus/src/journal/relay.ts',
        text: "(row.kind === 'fact' ? factRecord(row, service)",
        instead: "(row.kind === 'fact' ? factRecord({ ...row, seq: (sent += 1) }, service)",
      },
      {
        file: 'libs/bus/src/journal/relay.ts',
        text: 'const ROWS_PER_PARTITION = 200;',
        instead: 'const ROWS_PER_PARTITION = 200;\nlet sent = 0;',
      },
    ],
    checks: [SEEDS, bus('journal/')],
  },
  {
    name: 'two-in-flight',
    without: 'one request in flight for a topic',
    patches: [
      {
        file: 'libs/bus/src/journal/relay.ts',
        text: `  await log.publish(
    topic,
    rows.map((row) => recordOf(parts, row)),
  );`,
        instead: '  await Promise.all(rows.map((row) => log.publish(topic, [recordOf(parts, row)])));',
      },
    ],
    checks: [SEEDS, bus('journal/')],
  },
  {
    name: 'marked-before-sent',
    without: 'a row is marked published after the log has it',
    patches: [
      {
        file: 'libs/bus/src/journal/relay.ts',
        text: `  await log.publish(
    topic,
    rows.map((row) => recordOf(parts, row)),
  );`,
        instead: `  await store.transaction('relay', (tx) =>
    store.journal.markPublished(tx, topic.name, new Map(rows.map((row) => [row.partition, row.seq]))),
  );
  await log.publish(
    topic,
    rows.map((row) => recordOf(parts, row)),
  );`,
      },
    ],
    checks: [SEEDS, bus('journal/')],
  },
  {
    name: 'two-stampers',
    without: 'the streams of a topic are locked while they are numbered',
    patches: [
      {
        file: 'libs/bus/src/journal/stamper.ts',
        text: 'store.journal.lock(tx, topic)',
        instead: 'store.journal.streams(tx, topic)',
      },
    ],
    checks: [SEEDS, bus('journal/')],
  },
];

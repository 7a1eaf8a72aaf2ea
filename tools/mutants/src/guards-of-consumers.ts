import type { Check, Mutant } from './mutant.js';

const SEEDS: Check = { seeds: 400 };
const bus = (specs: string): Check => ({ project: 'libs/bus', tier: 'unit', specs });
const consume = (file: string): string => `libs/bus/src/consume/${file}.ts`;

/** Guards of the one transaction in which a chunk is handled. */
export const guardsOfConsumers: readonly Mutant[] = [
  {
    name: 'no-cas',
    without: 'progress moves by compare-and-set: a row moved by somebody else ends the transaction',
    patches: [
      {
        file: consume('attempt'),
        text: 'if (!(await chunk.writeBefore(advance))) throw new Outrun();',
        instead: 'await chunk.writeBefore(advance);',
      },
    ],
    checks: [SEEDS, bus('consume/')],
  },
  {
    name: 'no-cas-in-postgres',
    without: 'the compare of the compare-and-set, in the statement',
    patches: [
      {
        file: 'libs/bus/src/store/postgres/progress.ts',
        text: 'and next_offset = step.from_offset and next_index = step.from_index and last_seq = step.from_seq`',
        instead: '`',
      },
    ],
    checks: [{ project: 'libs/bus', tier: 'int', specs: 'postgres-bus-store' }],
  },
  {
    name: 'fence-at-the-end-only',
    without: 'the row of progress is locked before anything else: who comes second waits and does no work',
    patches: [
      {
        file: consume('attempt'),
        text: "import type { Progress } from '../store/bus-store.js';",
        instead: "import { beginning, type Progress } from '../store/bus-store.js';",
      },
      {
        file: consume('attempt'),
        text: 'await this.parts.store.progress.lock(tx, place)',
        instead: `(await this.parts.store.progress.of(tx, place.group, place.topic)).get(place.partition) ?? beginning`,
      },
      {
        file: consume('attempt'),
        text: 'store.progress.lockFree(tx, group, topic.name, partitions);',
        instead: 'partitions && store.progress.of(tx, group, topic.name);',
      },
    ],
    checks: [SEEDS, bus('consume/')],
  },
  {
    name: 'no-fence-and-no-cas',
    without: 'both of the two above',
    patches: [
      {
        file: consume('attempt'),
        text: "import type { Progress } from '../store/bus-store.js';",
        instead: "import { beginning, type Progress } from '../store/bus-store.js';",
      },
      {
        file: consume('attempt'),
        text: 'await this.parts.store.progress.lock(tx, place)',
        instead: `(await this.parts.store.progress.of(tx, place.group, place.topic)).get(place.partition) ?? beginning`,
      },
      {
        file: consume('attempt'),
        text: 'store.progress.lockFree(tx, group, topic.name, partitions);',
        instead: 'partitions && store.progress.of(tx, group, topic.name);',
      },
      {
        file: consume('attempt'),
        text: 'if (!(await chunk.writeBefore(advance))) throw new Outrun();',
        instead: 'await chunk.writeBefore(advance);',
      },
    ],
    checks: [SEEDS],
  },
  {
    name: 'shared-transaction-blames-all',
    without: 'when a transaction of several partitions fails, each goes on by itself',
    patches: [
      {
        file: consume('group-commit'),
        text: 'answer(this.alone(share));\n      }',
        instead: "answer(Promise.reject(new Error('a neighbour failed')));\n      }",
      },
    ],
    checks: [bus('consume/')],
  },
  {
    name: 'suspects-side-by-side',
    without: 'partitions at which processes died take turns, so that only the one worked at is blamed',
    patches: [
      {
        file: consume('partition-worker'),
        text: 'this.known === null && (await isSuspected(store, this.place, owner))',
        instead: "this.known === null && owner === '' && (await isSuspected(store, this.place, owner))",
      },
    ],
    checks: [bus('consume/')],
  },
  {
    name: 'no-inbox-check',
    without: 'a command that has an outcome is not handled again',
    patches: [{ file: consume('commands'), text: 'return !known;', instead: 'return true;' }],
    checks: [SEEDS, bus('consume/')],
  },
  {
    name: 'no-gap-check',
    without: 'a hole in the numbers of facts stops the stream until it is healed',
    patches: [
      {
        file: consume('admission'),
        text: 'if (seq > draft.lastSeq + 1) return',
        instead: 'if (seq > Number.MAX_SAFE_INTEGER) return',
      },
    ],
    checks: [SEEDS, bus('consume/')],
  },
  {
    name: 'dead-letter-on-transient',
    without: 'a passing failure rests the partition, and sets nothing aside',
    patches: [
      {
        file: consume('partition-worker'),
        text: "error instanceof Outrun || error instanceof Away || this.parts.classify(error) === 'transient'",
        instead: 'error instanceof Outrun || error instanceof Away',
      },
    ],
    checks: [SEEDS, bus('consume/')],
  },
  {
    name: 'resolve-before-commit',
    without: 'the log is answered with what is committed, never with what was delivered',
    patches: [
      {
        file: consume('partition-worker'),
        text: 'return this.rest(error, this.known?.offset ?? first.offset);',
        instead: 'return this.rest(error, (records.at(-1)?.offset ?? 0) + 1);',
      },
    ],
    checks: [SEEDS, bus('consume/')],
  },
  {
    name: 'reply-before-commit',
    without: 'who waits for an outcome hears of it after the commit',
    patches: [
      {
        file: consume('attempt'),
        text: 'outcomes = chunk.outcomes;\n',
        instead: 'outcomes = chunk.outcomes;\n      announce(parts, told, outcomes);\n',
      },
    ],
    checks: [SEEDS, bus('consume/')],
  },
  {
    name: 'parked-key-overtaken',
    without: 'later commands of a parked key wait behind it',
    patches: [
      {
        file: consume('commands'),
        text: 'else if (parked.has(one.value.aggregateId)) this.queue(chunk, one);',
        instead: "else if (parked.has('')) this.queue(chunk, one);",
      },
    ],
    checks: [SEEDS, bus('consume/')],
  },
  {
    name: 'no-crash-counter',
    without: 'deaths without progress are counted, so that a message that kills the process is found',
    patches: [
      { file: consume('suspicion'), text: 'return row.crashCount + 1;', instead: 'return row.crashCount;' },
    ],
    checks: [SEEDS, bus('consume/')],
  },
  {
    name: 'old-marks-are-believed',
    without: 'marks of the log that are older than the progress are asked for again',
    patches: [
      {
        file: consume('assignment'),
        text: 'if (progress.offset > assignment.high) await',
        instead: 'if (progress.offset < 0) await',
      },
    ],
    checks: [SEEDS, bus('consume/')],
  },
  {
    name: 'unheard-of-behind-a-parked-key',
    without: 'a command that nobody handles does not wait behind a parked key',
    patches: [
      {
        file: consume('commands'),
        text: 'if (!this.parts.handlers.has(one.value.type)) this.reject(chunk, one);\n      else if (parked.has(one.value.aggregateId)) this.queue(chunk, one);',
        instead:
          'if (parked.has(one.value.aggregateId)) this.queue(chunk, one);\n      else if (!this.parts.handlers.has(one.value.type)) this.reject(chunk, one);',
      },
    ],
    checks: [SEEDS, bus('consume/')],
  },
];

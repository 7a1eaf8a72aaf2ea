import {
  anchorFile,
  busMigrations,
  postgresBusStore,
  verifyChain,
  type Anchoring,
  type BusStore,
} from '@linli/bus';
import { seededRandom, type Random } from '@linli/kernel';
import { openDatabase, type Database, type Transaction } from '@linli/store';
import { eventually, temporaryDir } from '@linli/testing';
import { join } from 'node:path';
import { Findings } from '../broken.js';
import type { Counts } from '../counts.js';
import { allHappened } from '../void.js';
import type { Ground } from './ground.js';
import { signer } from './member/signer.js';
import { memberMigrations } from './member/tables.js';
import { endOf, untilPublished, type Member } from './members.js';
import { suiteOnLog } from './rounds.js';
import { tampers, type Stream } from './tampers.js';
import { countIn } from './witnesses.js';
import { inWorld, type World } from './world.js';

const PARTITIONS = 2;
const FACTS_EACH = 3;
/** Steps of the append at which the teller dies, one a round. */
const deaths = ['after-stamp:2:kill', 'before-commit:2:kill', 'after-publish:2:kill'];

const wishes = (world: World, count: number) =>
  Array.from({ length: count }, (_, n) => ({ key: world.key(n % 12), facts: FACTS_EACH }));

const untilTold = async (world: World, teller: Member): Promise<void> => {
  const all = world.sent.length * FACTS_EACH;
  const journal = `${world.told}.journal`;
  await eventually(async () => (await countIn(world.ground.database, journal)) === all, {
    ...{ withinMs: 60_000, what: 'all facts in the journal' },
  });
  await untilPublished(teller);
};

/** A journal that grew while its teller died, and was anchored at the end of each round. */
const grow = async (world: World, anchors: string): Promise<number> => {
  let killed = 0;
  for (const death of deaths) {
    const dying = await world.start({ ...world.teller, anchors }, death);
    await eventually(
      async () => {
        await world.send(wishes(world, 20));
        return dying.hasEnded();
      },
      { withinMs: 60_000, everyMs: 200, what: 'a dead teller' },
    );
    if ((await endOf(dying, 60_000)) === 'signal SIGKILL') killed += 1;
    await world.bury(world.teller);
    const teller = await world.start({ ...world.teller, anchors });
    await world.send(wishes(world, 20));
    await untilTold(world, teller);
    await teller.stop();
  }
  return killed;
};

interface Audit {
  readonly world: World;
  readonly store: BusStore<Transaction>;
  readonly anchoring: Anchoring;
}

const verify = ({ world, store, anchoring }: Audit, partition: number) =>
  verifyChain(store, world.facts.name, partition, anchoring);

const checkWhole = async (audit: Audit, findings: Findings): Promise<void> => {
  for (let partition = 0; partition < PARTITIONS; partition += 1) {
    const { rows, anchored, fault } = await verify(audit, partition);
    if (fault || rows === 0 || anchored !== rows)
      findings.note(`stream ${partition} untouched: ${JSON.stringify({ rows, anchored, fault })}`);
  }
};

const streamOf = async ({ world, store, anchoring }: Audit, partition: number): Promise<Stream> => {
  const { database } = world.ground;
  const topic = world.facts.name;
  const rows = await store.journal.slice(store.reader('http'), { topic, partition, from: 1, limit: 10_000 });
  const anchored = (await anchoring.sink.of(topic, partition))
    .map(({ seq }) => seq)
    .toSorted((a, b) => a - b);
  return { database, schema: world.told, topic, partition, rows, anchored };
};

const keep = async ({ database, schema }: Stream): Promise<() => Promise<void>> => {
  for (const table of ['journal', 'stream'])
    await database.query(`create table ${schema}.kept_${table} as select * from ${schema}.${table}`);
  return async () => {
    for (const table of ['journal', 'stream']) {
      await database.query(`delete from ${schema}.${table}`);
      await database.query(`insert into ${schema}.${table} select * from ${schema}.kept_${table}`);
    }
  };
};

/** Each tamper on its own; the verifier must name the row that it says. */
const tamperAll = async (audit: Audit, random: Random, findings: Findings): Promise<Counts> => {
  const stream = await streamOf(audit, 0);
  const restore = await keep(stream);
  const counts: Record<string, number> = {};
  for (const { name, times, apply } of tampers) {
    for (let n = 0; n < times; n += 1) {
      const k = 2 + Math.floor(random.next() * (stream.rows.length - 4));
      const expected = await apply(stream, k);
      const { fault } = await verify(audit, 0);
      if (fault?.seq !== expected)
        findings.note(`${name} at ${k}: named ${JSON.stringify(fault)}, not ${expected}`);
      counts[name] = (counts[name] ?? 0) + 1;
      await restore();
    }
  }
  await checkWhole(audit, findings);
  return counts;
};

const audited = async (world: World, database: Database, path: string, seed: number): Promise<Counts> => {
  const audit: Audit = {
    world,
    store: postgresBusStore(database),
    anchoring: { sink: anchorFile(path), signer },
  };
  const findings = new Findings();
  await checkWhole(audit, findings);
  const counts = await tamperAll(audit, seededRandom(seed), findings);
  findings.settle('T18');
  return { ...counts, tampers: Object.values(counts).reduce((sum, count) => sum + count, 0) };
};

export const auditOf = async (shared: Ground, seed: number): Promise<Counts> => {
  const folder = temporaryDir('anchors');
  const path = join(folder.path, 'anchors.jsonl');
  return inWorld(shared, PARTITIONS, async (world) => {
    const killed = await grow(world, path);
    const migrations = [...busMigrations, ...memberMigrations];
    const place = { url: world.ground.databaseUrl, schema: world.told, migrations, allowUnsafe: true };
    const database = await openDatabase(place);
    try {
      const counts = { killed, ...(await audited(world, database, path, seed)) };
      allHappened(counts, ['killed', ...tampers.map(({ name }) => name)]);
      return counts;
    } finally {
      await database.close();
    }
  }).finally(() => folder.remove());
};

export const audit = suiteOnLog(
  {
    id: 'T18',
    promise: 'The journal is complete, and shows every change made to it',
    attack: 'rows of the journal edited, deleted, swapped, inserted and cut off',
    rounds: 10,
  },
  auditOf,
);

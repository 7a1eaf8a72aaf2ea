import { BOOTSTRAP_KEY } from '@linli/testing';
import { setTimeout as delay } from 'node:timers/promises';
import { companion, type Companion } from '../load/companion.js';
import type { Click, ClicksAnswer, ClicksOrder } from '../load/clicks-wire.js';
import { startHose } from '../load/run-hose.js';
import type { BenchOptions } from '../options.js';
import type { Group, Row, Sample } from '../rounds.js';
import { percentile } from '../statistics.js';
import { forgetStatements, statementLines, statementsOf } from '../profile/statements.js';
import { startDistrict } from '../system/district.js';
import { cpuOf } from '../system/processes.js';
import { perUnit } from './measure.js';
import { notesOf } from './settings.js';
import { RoadDatabase } from './road-database.js';

/** People at once, and commands of a second of the round. */
const crowds = [
  { people: 1, eachSecond: 20 },
  { people: 16, eachSecond: 100 },
  { people: 64, eachSecond: 150 },
] as const;

const BODY = JSON.stringify({ note: '已联系当事人，下午上门核实' });

interface Ground {
  readonly url: string;
  readonly clicker: Companion;
  readonly pids: () => Record<string, number>;
  readonly take: (count: number) => Click[];
}

const round = async (
  { url, clicker, pids, take }: Ground,
  people: number,
  count: number,
): Promise<Sample> => {
  const order: ClicksOrder = { url, concurrency: people, clicks: take(count) };
  const cpuFrom = cpuOf(pids());
  const { elapsedMs, tookMs, cpuUs, failures } = await clicker.ask<ClicksAnswer>(order);
  const failed = Object.entries(failures);
  if (failed.length > 0)
    throw new Error(`commands failed: ${failed.map(([what, n]) => `${n} × ${what}`).join('; ')}`);
  return {
    value: (count * 1000) / elapsedMs,
    cpuUs: { ...perUnit(cpuFrom, cpuOf(pids()), count), load: cpuUs / count },
    more: { p50Ms: percentile(tookMs, 0.5), p99Ms: percentile(tookMs, 0.99) },
  };
};

const rowsOf = (id: string, title: string, ground: Ground): Row[] =>
  crowds.map(({ people, eachSecond }) => ({
    id: `${id}-${people}`,
    title: `${title}, ${people} at once`,
    unit: 'commands/s',
    round: ({ measureMs }) => round(ground, people, Math.ceil((measureMs / 1000) * eachSecond)),
  }));

/** Warnings that wait for their officer, from all over the city. */
const warnings = async (database: RoadDatabase, url: string, wanted: number): Promise<() => Click> => {
  const hose = await startHose(url, { name: 'w', rising: 1, seed: 5, concurrency: 1, batch: 250, pool: 8 });
  while ((await hose.mark()).accepted < wanted) {
    hose.go();
    await delay(20);
    await hose.drain();
  }
  await hose.end();
  await database.drained();
  const { rows } = await database.client.query<{ id: string }>(
    `select id from risk.warning where status = 'issued' and version = 2 order by md5(id::text)`,
  );
  const clicks = rows.flatMap(({ id }): Click[] => [
    { path: `/v1/warnings/${id}/acknowledge`, body: BODY, ifMatch: '"2"' },
  ]);
  let next = 0;
  return () => {
    const click = clicks[(next += 1) - 1];
    if (!click) throw new Error(`only ${clicks.length} warnings were there to acknowledge`);
    return click;
  };
};

const plain = async (database: RoadDatabase): Promise<() => Click> => {
  const { rows } = await database.client.query<{ id: string }>(
    `insert into nest.warning (id, status, version) select gen_random_uuid(), 'issued', 2 from generate_series(1, 5000)
     returning id`,
  );
  let next = 0;
  return () => ({
    path: `/v1/warnings/${rows[(next += 1) % rows.length]?.id ?? ''}/acknowledge`,
    body: BODY,
  });
};

/** Row (g): one command of a person, over gateway, Kafka and risk service, and over a plain Nest controller. */
export const openCommands = async (options: BenchOptions): Promise<Group> => {
  const district = await startDistrict(options);
  const { rounds, measureMs } = options;
  const { env, postgres } = district.stack;
  const ends: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const end of ends) await end();
    await district.stop();
  };
  try {
    await district.startRisk();
    const database = await RoadDatabase.overKafka(env.DATABASE_URL, env.KAFKA_BROKERS);
    ends.push(() => database.close());
    await database.client.query('create schema nest authorization linli');
    const nest = await companion('baseline/commands.js', { databaseUrl: env.DATABASE_URL });
    const clicker = await companion('load/clicks.js', { key: BOOTSTRAP_KEY });
    ends.push(
      () => clicker.end(),
      () => nest.end(),
    );
    const each = crowds.reduce((sum, { eachSecond }) => sum + Math.ceil((measureMs / 1000) * eachSecond), 0);
    const ours = await warnings(database, district.url, each * (rounds + 1));
    const theirs = await plain(database);
    const list = (next: () => Click) => (count: number) => Array.from({ length: count }, next);
    const { url } = nest.greeting as { url: string };
    const nestPids = () => ({ nest: nest.pid, postgres: postgres.pid() });
    const rows = [
      ...rowsOf('g-ours', 'acknowledge over gateway, Kafka and risk service', {
        url: district.url,
        clicker,
        pids: () => district.pids(),
        take: list(ours),
      }),
      ...rowsOf('g', 'plain Nest controller, TypeORM transaction', {
        url,
        clicker,
        pids: nestPids,
        take: list(theirs),
      }),
    ];
    if (options.explain) await forgetStatements(district.stack);
    const report = async (): Promise<string[]> =>
      options.explain ? statementLines(await statementsOf(district.stack)) : [];
    return { rows, notes: await notesOf(district), report, close };
  } catch (error) {
    await close();
    throw error;
  }
};

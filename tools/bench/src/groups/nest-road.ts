import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import { companion, type Companion } from '../load/companion.js';
import { startHose, type Hose } from '../load/run-hose.js';
import type { RoundLength, Row, Sample } from '../rounds.js';
import { cpuOf } from '../system/processes.js';
import type { District } from '../system/district.js';
import { perUnit } from './measure.js';
import { makeTopics } from './topics.js';

const TOPIC = 'bench.f';
const BACKLOG = 300;

interface Baseline {
  readonly intake: Companion;
  readonly store: Companion;
  readonly hose: Hose;
  readonly client: pg.Client;
}

const storedSince = async (client: pg.Client, from = new Date(0), to = new Date()): Promise<number> => {
  const { rows } = await client.query<{ n: string }>(
    'select count(*) as n from nest.risk_event where stored_at >= $1 and stored_at < $2',
    [from, to],
  );
  return Number(rows[0]?.n);
};

/** Posts whenever few enough wait, until it is told to stop. */
const keepBusy = async ({ hose, client }: Baseline, goesOn: () => boolean): Promise<void> => {
  while (goesOn()) {
    const { accepted } = await hose.mark();
    if (accepted - (await storedSince(client)) < BACKLOG) hose.go();
    else hose.hold();
    await delay(100);
  }
  hose.hold();
};

const emptied = async ({ hose, client }: Baseline): Promise<void> => {
  const { accepted } = await hose.drain();
  for (const end = performance.now() + 60_000; performance.now() < end; await delay(100))
    if ((await storedSince(client)) === accepted) return;
  throw new Error(`(f) accepted ${accepted} events and stored ${await storedSince(client)}`);
};

const round = async (
  baseline: Baseline,
  pids: () => Record<string, number>,
  { warmUpMs, measureMs }: RoundLength,
): Promise<Sample> => {
  let running = true;
  const kept = keepBusy(baseline, () => running);
  await Promise.race([delay(warmUpMs), kept]);
  const [from, cpuFrom] = [new Date(), cpuOf(pids())];
  await Promise.race([delay(measureMs), kept]);
  const [to, cpuTo] = [new Date(), cpuOf(pids())];
  running = false;
  await kept;
  await emptied(baseline);
  const stored = await storedSince(baseline.client, from, to);
  return {
    value: (stored * 1000) / (to.getTime() - from.getTime()),
    cpuUs: perUnit(cpuFrom, cpuTo, stored),
  };
};

/** (f): controller, `ClientKafka.emit`, `@EventPattern`, TypeORM `save`, in two processes like ours. */
export const nestRoad = async (
  { stack }: District,
  client: pg.Client,
): Promise<{ row: Row; end(): Promise<void> }> => {
  await makeTopics(stack.env.KAFKA_BROKERS, [TOPIC]);
  await client.query('create schema nest authorization linli');
  const options = { brokers: stack.env.KAFKA_BROKERS, databaseUrl: stack.env.DATABASE_URL, topic: TOPIC };
  const store = await companion('baseline/store.js', options);
  const intake = await companion('baseline/intake.js', options);
  const { url } = intake.greeting as { url: string };
  const hose = await startHose(url, {
    url: `${url}/events`,
    name: 'f',
    rising: 0,
    seed: 4,
    concurrency: 1,
    pool: 8,
  });
  const baseline = { intake, store, hose, client };
  const { kafka, postgres } = { kafka: stack.kafka.brokers[0]?.pid() ?? 0, postgres: stack.postgres.pid() };
  const pids = () => ({ intake: intake.pid, store: store.pid, kafka, postgres });
  return {
    row: {
      id: 'f',
      title: 'as the Nest documentation shows it: emit, @EventPattern, save',
      unit: 'events/s',
      round: (length) => round(baseline, pids, length),
    },
    end: async () => {
      for (const one of [hose, intake, store]) await one.end();
    },
  };
};

import { performance } from 'node:perf_hooks';
import { eventually } from '@linli/testing';
import type { ClientBase } from 'pg';
import type { Row, RoundLength, Sample } from '../rounds.js';
import { percentile } from '../statistics.js';
import { cpuOf } from '../system/processes.js';
import { CHUNK, SCHEMA, type Ledger } from './ledger.js';
import { perUnit } from './measure.js';

export interface DeadlineGround {
  readonly ledger: Ledger;
  /** A plain connection, for the bare SQL. */
  readonly client: ClientBase;
  readonly postgres: () => number;
  /** Of deadlines that are armed, picked over all of them. */
  readonly ids: readonly string[];
  /** How many fall due together. */
  readonly due: number;
}

/** A piece of work that is done over and over; answers how many units it did. */
type Work = () => Promise<number>;

const own = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

interface Run {
  readonly units: number;
  readonly ms: number;
  readonly cpuUs: Readonly<Record<string, number>>;
}

const timed = async ({ postgres }: DeadlineGround, work: () => Promise<number>): Promise<Run> => {
  const [began, cpuFrom, ownFrom] = [performance.now(), cpuOf({ postgres: postgres() }), own()];
  const units = await work();
  const ms = performance.now() - began;
  const spent = perUnit(cpuFrom, cpuOf({ postgres: postgres() }), units);
  return { units, ms, cpuUs: { ...spent, process: ((own() - ownFrom) * 1000) / units } };
};

const sampleOf = ({ units, ms, cpuUs }: Run, more: Sample['more'] = {}): Sample => ({
  value: (units * 1000) / ms,
  ...{ cpuUs, more },
});

/** Does it for as long as a round lasts, one after the other; how long each took is told too. */
const repeated =
  (ground: DeadlineGround, work: Work) =>
  async ({ warmUpMs, measureMs }: RoundLength): Promise<Sample> => {
    const during = async (lengthMs: number): Promise<{ units: number; took: number[] }> => {
      const took: number[] = [];
      let units = 0;
      for (const end = performance.now() + lengthMs; performance.now() < end;) {
        const began = performance.now();
        units += await work();
        took.push(performance.now() - began);
      }
      return { units, took };
    };
    await during(warmUpMs);
    let took: number[] = [];
    const run = await timed(ground, async () => {
      const done = await during(measureMs);
      took = done.took;
      return done.units;
    });
    return sampleOf(run, { p50Ms: percentile(took, 0.5), p99Ms: percentile(took, 0.99) });
  };

const copies = `
  create schema bare;
  create table bare.deadline (like ${SCHEMA}.deadline including all);
  create table bare.deadline_change (like ${SCHEMA}.deadline_change including all);
  create table bare.due (like ${SCHEMA}.deadline including all);
  create table bare.due_firing (like ${SCHEMA}.deadline_firing including all);`;

/** Tables of the same make, for the bare SQL. */
export const makeCopies = (client: ClientBase): Promise<unknown> => client.query(copies);

/** (d1): what one transaction of a service arms, and the same rows by INSERT … SELECT. */
export const armRows = (ground: DeadlineGround): Row[] => {
  const { ledger, client, ids } = ground;
  let next = 0;
  const bare: Work = async () => {
    if (next + CHUNK > ids.length) {
      await client.query('truncate bare.deadline, bare.deadline_change');
      next = 0;
    }
    const chunk = ids.slice(next, (next += CHUNK));
    await client.query('begin');
    for (const [table, key] of [
      ['deadline', 'id'],
      ['deadline_change', 'deadline_id'],
    ])
      await client.query(
        `insert into bare.${table} select * from ${SCHEMA}.${table} where ${key} = any($1::uuid[])`,
        [chunk],
      );
    await client.query('commit');
    return CHUNK;
  };
  const round = repeated(ground, async () => (await ledger.armLong()).length);
  return [
    { id: 'd1', title: `arming by the ledger, ${CHUNK} a transaction`, unit: 'deadlines/s', round },
    {
      id: 'd1-sql',
      title: 'INSERT … SELECT of such rows',
      unit: 'deadlines/s',
      round: repeated(ground, bare),
    },
  ];
};

/** (d2): a sweep that finds nothing. */
export const restRows = (ground: DeadlineGround): Row[] => {
  const { ledger, client } = ground;
  const sweep: Work = async () => {
    if (await ledger.store.ripe(ledger.store.reader())) throw new Error('something is due');
    return 1;
  };
  const bare: Work = async () => {
    const { rows } = await client.query(`select id from ${SCHEMA}.deadline where next_at <= now() limit 1`);
    return 1 + rows.length;
  };
  return [
    { id: 'd2', title: 'sweeps at rest', unit: 'sweeps/s', round: repeated(ground, sweep) },
    { id: 'd2-sql', title: 'select where next_at <= now()', unit: 'sweeps/s', round: repeated(ground, bare) },
  ];
};

/** Many fall due together, until all are taken and sent; the due ones go afterwards. */
const stormRound = async (ground: DeadlineGround): Promise<Sample> => {
  const { ledger, client, due } = ground;
  for (let n = 0; n < due; n += CHUNK) await ledger.armDue(Math.min(CHUNK, due - n));
  let [taken, takenMs, latest, failed] = [0, 0, 0, 0];
  const run = await timed(ground, async () => {
    const began = performance.now();
    const sweeping = ledger.sweep({
      taken: (claims) => {
        taken += claims.length;
        latest = Math.max(latest, ...claims.map(({ claimedAt, at }) => claimedAt - at));
        takenMs = performance.now() - began;
      },
      // A sweep on a machine that stalls is taken back and done again.
      failed: () => void (failed += 1),
    });
    const patience = { withinMs: 300_000, everyMs: 20, what: `${due} firings` };
    await eventually(() => taken >= due, patience);
    await sweeping.close();
    await eventually(() => ledger.isSent(), patience);
    return taken;
  });
  if (taken !== due) throw new Error(`${taken} firings of ${due} deadlines`);
  await client.query(
    `delete from ${SCHEMA}.deadline_firing; delete from ${SCHEMA}.deadline where state = 'due'`,
  );
  return sampleOf(run, { takenMs, sentMs: run.ms, latestMs: latest, failed });
};

const bareStorm = `
  with taken as (
    update bare.due set next_rung = next_rung + 1, next_at = null, state = 'due' where next_at <= now()
    returning id, round, version, due)
  insert into bare.due_firing (deadline_id, round, rung, version, name, at, claimed_at)
  select id, round, 0, version, 'due', due, clock_timestamp() from taken`;

const bareStormRound = async (ground: DeadlineGround): Promise<Sample> => {
  const { client, due } = ground;
  await client.query('truncate bare.due, bare.due_firing');
  await client.query(`insert into bare.due select * from ${SCHEMA}.deadline where id = any($1::uuid[])`, [
    ground.ids.slice(0, due),
  ]);
  await client.query('update bare.due set due = now(), next_at = now()');
  const run = await timed(ground, async () => (await client.query(bareStorm)).rowCount ?? 0);
  if (run.units !== due) throw new Error(`${run.units} rows of ${due}`);
  return sampleOf(run, { takenMs: run.ms });
};

/** (d3): from the first sweep until the last of many that fell due together is taken, and its command is on Kafka. */
export const stormRows = (ground: DeadlineGround): Row[] => {
  const count = ground.due.toLocaleString('en-US');
  return [
    {
      id: 'd3',
      title: `${count} due together, taken and sent`,
      unit: 'firings/s',
      round: () => stormRound(ground),
    },
    {
      id: 'd3-sql',
      title: `UPDATE … RETURNING and INSERT of ${count} rows`,
      unit: 'firings/s',
      round: () => bareStormRound(ground),
    },
  ];
};

/** (d4): why a deadline is due when it is. */
export const explainRows = (ground: DeadlineGround): Row[] => {
  const { ledger, client, ids } = ground;
  const random = (): string => ids[Math.floor(Math.random() * ids.length)] ?? '';
  const explain: Work = async () => {
    await ledger.explain(random());
    return 1;
  };
  const bare: Work = async () =>
    (await client.query(`select * from ${SCHEMA}.deadline where id = $1`, [random()])).rowCount ?? 0;
  return [
    { id: 'd4', title: 'explanation of a deadline', unit: 'answers/s', round: repeated(ground, explain) },
    { id: 'd4-sql', title: 'select of its row', unit: 'answers/s', round: repeated(ground, bare) },
  ];
};

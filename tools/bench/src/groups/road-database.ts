import { RISK_COMMANDS, RISK_INTAKE } from '@linli/contracts';
import { superuserUrl } from '@linli/store';
import kafkajs, { type Admin } from 'kafkajs';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';

/** What the bus remembers and what a tenant told about itself: all else in the schema comes from events. */
const KEPT = `^(migration|progress|outcome|fact_new|stream|journal|parked_|dead_letter)|^risk_(area|mapping|parameters|sensitive|neighbour)`;
const DRAINED_WITHIN_MS = 120_000;

/** Signals of each grid by week (day number in Shanghai / 7) and the day of the first, as the risk service counts them. */
const BASELINES = `
  with days as (
    select place_id, floor((extract(epoch from occurred_at) + 28800) / 86400)::int as day from risk.risk_event),
  weeks as (
    select place_id, day / 7 as week, count(*) as signals, min(day) as first from days group by 1, 2),
  baselines as (
    select place_id, jsonb_build_object('first', min(first), 'weeks', jsonb_object_agg(week, signals)) as baseline
      from weeks group by 1)
  update risk.risk_place p set baseline = b.baseline from baselines b
   where p.id = b.place_id and p.scope_kind = 'grid'`;

/** Looks at what a risk service has stored, from behind, and changes what it stands on while it is stopped. */
export class RoadDatabase {
  private constructor(
    readonly client: Client,
    private readonly ends: () => Promise<ReadonlyMap<string, number>>,
    private readonly closing: () => Promise<void>,
  ) {}

  static async overKafka(databaseUrl: string, brokers: string): Promise<RoadDatabase> {
    const client = await connected(databaseUrl);
    const kafka = new kafkajs.Kafka({ brokers: brokers.split(','), logLevel: kafkajs.logLevel.ERROR });
    const admin = kafka.admin();
    await admin.connect();
    return new RoadDatabase(
      client,
      () => endsInKafka(admin),
      () => admin.disconnect(),
    );
  }

  static async overPostgres(databaseUrl: string): Promise<RoadDatabase> {
    const client = await connected(databaseUrl);
    return new RoadDatabase(
      client,
      () => endsInTable(client),
      () => Promise.resolve(),
    );
  }

  async close(): Promise<void> {
    await this.closing();
    await this.client.end();
  }

  async number(sql: string, values: unknown[] = []): Promise<number> {
    const { rows } = await this.client.query<{ n: string }>(`select (${sql}) as n`, values);
    return Number(rows[0]?.n);
  }

  /** Records that were published and not yet applied, by topic. */
  async lag(topic: string): Promise<{ lag: number; end: number }> {
    const end = (await this.ends()).get(topic) ?? 0;
    const done = await this.number(
      'select coalesce(sum(next_offset), 0) from risk.progress where topic = $1',
      [topic],
    );
    return { lag: Math.max(0, end - done), end };
  }

  /** Waits until nothing is on its way: events, commands of the service to itself, facts. */
  async drained(): Promise<void> {
    for (const end = performance.now() + DRAINED_WITHIN_MS; performance.now() < end; await delay(100)) {
      const lags = [await this.lag(RISK_INTAKE.name), await this.lag(RISK_COMMANDS.name)];
      const facts = await this.number('select count(*) from risk.fact_new');
      if (facts === 0 && lags.every(({ lag }) => lag === 0)) return;
    }
    throw new Error(`not drained within ${DRAINED_WITHIN_MS / 1000} s`);
  }

  /** Events by the time that the service wrote on them; asked after the round, so that asking costs it nothing. */
  storedBetween(from: Date, to: Date): Promise<number> {
    return this.number('select count(*) from risk.risk_event where stored_at >= $1 and stored_at < $2', [
      from,
      to,
    ]);
  }

  /** Tables that hold what came of events. */
  private async tables(): Promise<string[]> {
    const { rows } = await this.client.query<{ name: string }>(
      `select tablename as name from pg_tables where schemaname = 'risk' and tablename !~ $1`,
      [KEPT],
    );
    return rows.map(({ name }) => name);
  }

  async empty(): Promise<void> {
    const tables = await this.tables();
    await this.client.query(`truncate ${tables.map((table) => `risk.${table}`).join(', ')}`);
  }

  /**
   * Adds earlier copies of what the system stored itself, 31 days apart and all older than the window, as if they had
   * come in those months: a place's tally, which knows the window only, stays as it is; its baseline is counted anew.
   */
  async multiply(events: number): Promise<void> {
    const stored = await this.number('select count(*) from risk.risk_event');
    const copies = Math.max(0, Math.ceil(events / stored) - 1);
    const { rows } = await this.client.query<{ name: string }>(
      `select quote_ident(column_name) as name from information_schema.columns
        where table_schema = 'risk' and table_name = 'risk_event' and is_generated = 'NEVER' order by ordinal_position`,
    );
    const names = rows.map(({ name }) => name);
    const shifted = names.map((name) => {
      if (name === 'id') return `id || '-' || n`;
      return name.endsWith('_at') ? `${name} - n * interval '31 days'` : name;
    });
    await this.client.query(`
      insert into risk.risk_event (${names.join(', ')})
      select ${shifted.join(', ')} from risk.risk_event, generate_series(1, ${copies}) n;
      ${BASELINES}`);
    await this.client.query('vacuum analyze');
  }

  /** Puts what is stored on a shelf; empty tables of the same make take its place. */
  async shelve(): Promise<void> {
    const tables = await this.tables();
    await this.client.query('create schema shelf authorization linli_risk');
    for (const table of tables)
      await this.client.query(`
        alter table risk.${table} set schema shelf;
        create table risk.${table} (like shelf.${table} including all);
        alter table risk.${table} owner to linli_risk`);
    await this.copyPolicies();
  }

  /** Row-level security costs something, and LIKE does not take it along. */
  private async copyPolicies(): Promise<void> {
    const { rows } = await this.client.query<{ sql: string }>(`
      select format('create policy %I on risk.%I as %s for %s to %s using (%s) with check (%s)', policyname, tablename,
               permissive, cmd, array_to_string(roles, ','), coalesce(qual, 'true'),
               coalesce(with_check, qual, 'true')) as sql
        from pg_policies where schemaname = 'shelf' and cmd = 'ALL'
      union all
      select format('create policy %I on risk.%I as %s for %s to %s using (%s)', policyname, tablename, permissive, cmd,
               array_to_string(roles, ','), qual)
        from pg_policies where schemaname = 'shelf' and cmd = 'SELECT'
      union all
      select format('alter table risk.%I enable row level security', relname) from pg_class
        where relnamespace = 'shelf'::regnamespace and relrowsecurity
      union all
      select format('alter table risk.%I force row level security', relname) from pg_class
        where relnamespace = 'shelf'::regnamespace and relforcerowsecurity`);
    for (const { sql } of rows) await this.client.query(sql);
  }

  /** What is on the shelf and what is stored change places. */
  async exchange(): Promise<void> {
    const tables = await this.tables();
    const moved = tables.map(
      (table) => `
        alter table risk.${table} set schema spare; alter table shelf.${table} set schema risk;
        alter table spare.${table} set schema shelf`,
    );
    await this.client.query(
      `create schema spare authorization linli_risk; ${moved.join(';')}; drop schema spare`,
    );
  }
}

const connected = async (databaseUrl: string): Promise<Client> => {
  const client = new Client({ connectionString: superuserUrl(databaseUrl), application_name: 'bench' });
  await client.connect();
  return client;
};

const endsInKafka = async (admin: Admin): Promise<Map<string, number>> => {
  const topics = [RISK_INTAKE.name, RISK_COMMANDS.name];
  const offsets = await Promise.all(topics.map((topic) => admin.fetchTopicOffsets(topic)));
  return new Map(
    topics.map((topic, n) => [topic, (offsets[n] ?? []).reduce((sum, { high }) => sum + Number(high), 0)]),
  );
};

const endsInTable = async (client: Client): Promise<Map<string, number>> => {
  const { rows } = await client.query<{ topic: string; ends: string }>(
    'select topic, sum(next_offset) as ends from log.head group by topic',
  );
  return new Map(rows.map(({ topic, ends }) => [topic, Number(ends)]));
};

import { partitionOf, type TopicSpec } from '@linli/contracts';
import { groupBy } from '@linli/kernel';
import type { Pool } from 'pg';
import { difference, notDense, repeated } from './lists.js';

export interface JournalRow {
  readonly part: number;
  readonly seq: number;
  readonly event_id: string;
  readonly key: string;
}
export interface HeardRow {
  readonly event_id: string;
  readonly key: string;
  readonly version: number;
}
export interface ToldRow {
  readonly command_id: string;
  readonly key: string;
  readonly n: number;
}

const rows = async <R>(database: Pool, sql: string, parameters: unknown[] = []): Promise<R[]> =>
  (await database.query(sql, parameters)).rows as R[];

export const journalOf = (database: Pool, schema: string, topic: TopicSpec): Promise<JournalRow[]> =>
  rows(
    database,
    `select part, seq::int, event_id, aggregate_id as key from ${schema}.journal where topic = $1 order by part, seq`,
    [topic.name],
  );

export const heardIn = (database: Pool, schema: string): Promise<HeardRow[]> =>
  rows(database, `select event_id, key, version::int from ${schema}.heard order by id`);

export const toldIn = (database: Pool, schema: string): Promise<ToldRow[]> =>
  rows(database, `select command_id, key, n from ${schema}.told order by id`);

export const countIn = async (database: Pool, table: string): Promise<number> => {
  const [row] = await rows<{ count: number }>(database, `select count(*)::int as count from ${table}`);
  return row?.count ?? 0;
};

/** Every row of the journal was heard once, in its order within the stream, and the journal has no hole. */
export const checkFacts = (
  topic: TopicSpec,
  journal: readonly JournalRow[],
  heard: readonly HeardRow[],
): (string | null)[] => {
  const heardBy = groupBy(heard, ({ key }) => partitionOf(key, topic));
  const toldBy = groupBy(journal, ({ part }) => part);
  const versions = [...groupBy(heard, ({ key }) => key)].map(([key, list]) =>
    notDense(
      `versions heard of ${key}`,
      list.map(({ version }) => version),
    ),
  );
  const streams = Array.from({ length: topic.partitions }, (_, part) => [
    notDense(
      `seq of ${topic.name}/${part}`,
      (toldBy.get(part) ?? []).map(({ seq }) => seq),
    ),
    difference(
      `heard of ${topic.name}/${part}`,
      (toldBy.get(part) ?? []).map(({ event_id }) => event_id),
      (heardBy.get(part) ?? []).map(({ event_id }) => event_id),
    ),
  ]);
  return [...streams.flat(), ...versions];
};

/** Every command sent was done once, and those of a key in the order in which they were sent. */
export const checkTold = (
  sent: readonly { readonly key: string; readonly n: number }[],
  told: readonly ToldRow[],
): (string | null)[] => {
  const toldBy = groupBy(told, ({ key }) => key);
  const keys = [...groupBy(sent, ({ key }) => key)];
  return [
    repeated(
      'commands done',
      told.map(({ command_id }) => command_id),
    ),
    ...keys.map(([key, list]) =>
      difference(
        `commands done on ${key}`,
        list.map(({ n }) => n),
        (toldBy.get(key) ?? []).map(({ n }) => n),
      ),
    ),
  ];
};

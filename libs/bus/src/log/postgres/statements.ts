import { MAX_BATCH_BYTES, MAX_BATCH_RECORDS } from '../limits.js';

/**
 * Appends records of any topics in one statement, hence one commit. The heads are locked in sorted order, so that two
 * writers cannot deadlock, and until commit, so that no reader sees a number before all below it. A record without a
 * head gets no offset, which fails the statement as a whole.
 */
export const APPEND = `
  with batch as (
    select * from unnest($1::text[], $2::int[], $3::text[], $4::bytea[], $5::text[])
      with ordinality as b (topic, part, key, value, headers, place)
  ), counts as (
    select topic, part, count(*) as records from batch group by topic, part
  ), locked as (
    select h.topic, h.part from head h join counts using (topic, part) order by h.topic, h.part for update of h
  ), moved as (
    update head h set next_offset = h.next_offset + c.records
    from counts c join locked using (topic, part)
    where h.topic = c.topic and h.part = c.part
    returning h.topic, h.part, h.low_offset, h.next_offset, h.next_offset - c.records as base
  ), put as (
    insert into record (topic, part, "offset", key, value, headers, appended_at)
    select topic, part, base + row_number() over (partition by topic, part order by place) - 1,
      key, value, headers::jsonb, clock_timestamp()
    from batch left join moved using (topic, part)
  )
  select topic, part as partition, low_offset as low, next_offset as high from moved`;

export const HEADS = `
  select topic, part as partition, low_offset as low, next_offset as high
  from head where topic = any($1::text[]) order by topic, part`;

/** Moves when any head of these topics moves. */
export const MARK_OF_HEADS = `
  select coalesce(sum(low_offset + next_offset), 0)::text as mark from head where topic = any($1::text[])`;

const COLUMNS = `part as partition, "offset", key, value, headers, appended_at as "appendedAt"`;

/** All wanted partitions of one topic at once; of each the next records, bounded in number and in bytes. */
export const READ = `
  select page.* from unnest($2::int[], $3::bigint[]) as wanted (part, start)
  cross join lateral (
    select ${COLUMNS}, sum(size) over (order by "offset") - size as before
    from (
      select *, coalesce(octet_length(value), 0) as size from record
      where topic = $1 and part = wanted.part and "offset" >= wanted.start
      order by "offset" limit ${MAX_BATCH_RECORDS}
    ) ahead
  ) page
  where page.before < ${MAX_BATCH_BYTES}
  order by page.partition, page."offset"`;

export const READ_AT = `
  select ${COLUMNS} from record where topic = $1 and part = $2 and "offset" = $3
    and "offset" >= (select low_offset from head where topic = $1 and part = $2)`;

export const ADD_TOPIC = `
  with added as (
    insert into topic (name, partitions, holds) values ($1, $2, $3) on conflict do nothing returning name, partitions
  )
  insert into head (topic, part) select name, generate_series(0, partitions - 1) from added`;

export const LOCK_HEADS = `select from head where topic = $1 order by part for update`;

/** To be run with the heads locked: a record appended meanwhile must not be taken for expired. */
export const RAISE_LOW = `
  update head h set low_offset = greatest(h.low_offset, coalesce(
    (select r."offset" from record r where r.topic = h.topic and r.part = h.part and r.appended_at >= $2
      order by r."offset" limit 1), h.next_offset))
  where topic = $1
  returning topic, part as partition, low_offset as low, next_offset as high`;

export const DELETE_EXPIRED = `
  delete from record where topic = $1 and part = $2 and "offset" in (
    select "offset" from record where topic = $1 and part = $2 and "offset" < $3 order by "offset" limit 5000)`;

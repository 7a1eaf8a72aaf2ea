import type { Transaction } from '@linli/store';

interface Month {
  readonly name: string;
  readonly from: string;
  readonly to: string;
}

// pg_class and not to_regclass: that one answers from a cache which another process's commit does not clear in time.
const missing = `
  select name, "from", "to" from (
    select 'journal_' || to_char(month, 'YYYY_MM') as name,
      to_char(month, 'YYYY-MM-DD') || ' 00:00+00' as "from",
      to_char(month + interval '1 month', 'YYYY-MM-DD') || ' 00:00+00' as "to"
    from generate_series(date_trunc('month', now() at time zone 'utc'),
      date_trunc('month', now() at time zone 'utc') + interval '2 months', interval '1 month') as month) as months
  where not exists (
    select from pg_class where relname = name and relnamespace = current_schema()::regnamespace)`;

/** Rows may have come before their month was made: they are in the default partition, and move. */
const make = ({ name, from, to }: Month): string[] => [
  `create table ${name} (like journal including all)`,
  `with early as (delete from journal_other where stamped_at >= '${from}' and stamped_at < '${to}' returning *)
   insert into ${name} select * from early`,
  `alter table journal attach partition ${name} for values from ('${from}') to ('${to}')`,
];

/** Makes the partitions of this month and the two after it. Several processes may do so at once. */
export const prepareMonths = async (tx: Transaction): Promise<void> => {
  if ((await tx.query<Month>(missing)).length === 0) return;
  await tx.query(`select pg_advisory_xact_lock(hashtext(current_schema() || '.journal'))`);
  for (const month of await tx.query<Month>(missing)) {
    for (const sql of make(month)) await tx.execute(sql);
  }
};

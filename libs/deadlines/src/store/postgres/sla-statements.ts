import type { SlaBand } from '@linli/contracts';
import { Conditions } from '@linli/store';
import { DECIDES_WITHIN_MS, FIRES_WITHIN_MS } from '../deadline-store.js';
import type { Horizon, QueueName, SlaFilter, SlaItemFilter, SlaPlace } from '../sla-reads.js';
import { deadlineColumns, epoch } from './deadline-row.js';

export type Statement = readonly [sql: string, parameters: readonly unknown[]];

const instant = (parameter: string): string => `to_timestamp(${parameter}::float8 / 1000)`;

/** Which column brings a deadline into a band, and which one takes it on to the next. They follow each other in time. */
const bounds: Readonly<Record<SlaBand, readonly [from: string | null, to: string | null]>> = {
  overdue: ['due', null],
  under10: ['tenth_at', 'due'],
  under25: ['quarter_at', 'tenth_at'],
  under50: ['half_at', 'quarter_at'],
  rest: [null, 'half_at'],
};

/** The same as row-level security underneath, said first so that indexes are used. */
const own = ({ tenant, areas, clock, unit, area, exercise }: SlaFilter): Conditions =>
  new Conditions()
    .add('tenant = ?', tenant)
    .addIf(areas, 'area ^@ any(?::text[])')
    .addIf(clock, 'clock = ?')
    .addIf(unit, 'unit = ?')
    .addIf(area, 'area ^@ ?')
    .addIf(exercise, 'exercise = ?');

/** Conditions and then `more`, as `$` by their place. */
const numbered = (conditions: Conditions, ...more: unknown[]): readonly [string[], unknown[]] => [
  more.map((_, n) => `$${conditions.parameters.length + n + 1}`),
  [...conditions.parameters, ...more],
];

const isStill = (now: string, one = 'pause'): string =>
  `(${one} ->> 'from')::float8 <= ${now} and ${now} < coalesce((${one} ->> 'to')::float8, 'infinity')`;

const standsStill = (now: string): string =>
  `(suspensions <> '[]' and exists (select from jsonb_array_elements(suspensions) as pause where ${isStill(now)}))`;

/** Each band of `ones` holds what the next one does not: counted from the most urgent on. */
const counts = (now: string, ones = 'true'): string => {
  const before = (column: string): string => `count(*) filter (where ${column} < ${now} and ${ones})`;
  return `json_build_object('overdue', ${before('due')}, 'under10', ${before('tenth_at')} - ${before('due')},
    'under25', ${before('quarter_at')} - ${before('tenth_at')},
    'under50', ${before('half_at')} - ${before('quarter_at')}, 'rest', count(*) filter (where ${ones}) - ${before('half_at')}) as bands,
  count(*) filter (where due < ${now} - interval '${FIRES_WITHIN_MS} ms'
    and (state = 'armed' or state = 'due' and due < ${now} - interval '${DECIDES_WITHIN_MS} ms')) as unescalated`;
};

const byQueue = 'clock collate "C", unit collate "C" nulls last';

export const queues = (filter: SlaFilter, at: number): Statement => {
  const open = own(filter);
  const [[now = ''], parameters] = numbered(open, at);
  return [
    `select clock, unit, ${counts(instant(now))}, count(*) filter (where provisional) as provisional,
       ${epoch('min(started)')} as oldest, ${epoch('min(due)')} as "firstDue"
     from deadline where ${open.sql} and ended_at is null group by clock, unit order by ${byQueue}`,
    parameters,
  ];
};

export const clocks = (at: number): Statement => [
  `select clock, ${counts(instant('$1'), 'not exercise')} from deadline where ended_at is null group by clock
   order by clock collate "C"`,
  [at],
];

export const pauses = (filter: SlaFilter, at: number): Statement => {
  const open = own(filter);
  const [[now = ''], parameters] = numbered(open, at);
  return [
    `select clock, unit, pause ->> 'reason' as reason, count(*) as count
     from deadline, lateral jsonb_array_elements(suspensions) as pause
     where ${open.sql} and ended_at is null and suspensions <> '[]' and ${isStill(`${now}::float8`)}
     group by clock, unit, reason order by ${byQueue}, count desc, (pause ->> 'reason') collate "C"`,
    parameters,
  ];
};

const narrowed = (filter: SlaItemFilter, at: number): Conditions => {
  const { state, band, suspended, provisional } = filter;
  const [from, to] = bounds[band ?? 'rest'];
  const conditions = own(filter).addIf(state, 'state = ?').addIf(provisional, 'provisional = ?');
  if (band !== undefined && from !== null) conditions.add(`${from} < ${instant('?')}`, at);
  if (band !== undefined && to !== null) conditions.add(`(${to} is null or ${to} >= ${instant('?')})`, at);
  if (suspended === true) conditions.add(standsStill('?::float8'), at);
  if (suspended === false) conditions.add(`not ${standsStill('?::float8')}`, at);
  return conditions;
};

/** Those that have a due time and those that have none apart, so that each is read in the order of the index. */
export const items = (
  { after, limit, ...filter }: SlaItemFilter & { after: SlaPlace | null; limit: number },
  at: number,
): Statement => {
  const open = narrowed(filter, at);
  const due = after === null ? '-infinity' : (after.due ?? 'infinity');
  const place = typeof due === 'number' ? new Date(due).toISOString() : due;
  const behind = after?.due === null ? after.id : null;
  const [[a, b, c, d], parameters] = numbered(open, place, after?.id ?? null, behind, limit);
  const which = `from deadline where ${open.sql} and ended_at is null`;
  // Few stand still, and only the rows say so: they are found by an index of their own, not on the way through all.
  const found = filter.suspended === true ? `still as materialized (select id, due ${which}),` : '';
  const ones = found === '' ? which : 'from still where true';
  return [
    `with ${found} page as (
       (select id, due ${ones} and due is not null and (due, id) > (${a}::timestamptz,
         coalesce(${b}::uuid, '00000000-0000-0000-0000-000000000000')) order by due, id limit ${d})
       union all
       (select id, due ${ones} and due is null and (${c}::uuid is null or id > ${c}::uuid) order by id limit ${d})
       order by due, id limit ${d})
     select ${deadlineColumns} from deadline where id in (select id from page) order by deadline.due, id`,
    parameters,
  ];
};

export const dueBy = (filter: SlaFilter, horizon: Horizon): Statement => {
  const open = own(filter);
  const [[now, until = '', step], parameters] = numbered(open, horizon.now, horizon.until, horizon.step);
  const passed = `(extract(epoch from due) * 1000)::float8 - ${now}::float8`;
  return [
    `select clock, unit, ${epoch('min(due)')} as due, count(*) as count
     from deadline where ${open.sql} and ended_at is null and due <= ${instant(until)}
     group by clock, unit, greatest(-1, floor((${passed}) / ${step}::float8)) order by ${byQueue}, 3`,
    parameters,
  ];
};

export const nth = (filter: SlaFilter, { clock, unit }: QueueName, n: number): Statement => {
  const open = own(filter);
  const [[a, b, c], parameters] = numbered(open, clock, unit, n - 1);
  return [
    `select ${epoch('due')} as due, id from deadline
     where ${open.sql} and ended_at is null and clock = ${a} and unit is not distinct from ${b}
     order by deadline.due, id limit 1 offset ${c}`,
    parameters,
  ];
};

export const ended = (filter: SlaFilter, from: number): Statement => {
  const ones = own(filter);
  const [[since = ''], parameters] = numbered(ones, from);
  return [
    `select clock, unit, count(*) as ended, count(*) filter (where due is null or ended_at <= due) as "inTime",
       ${epoch('min(started)')} as started
     from deadline where ${ones.sql} and ended_at >= ${instant(since)} group by clock, unit order by ${byQueue}`,
    parameters,
  ];
};

export const ofClock = ({
  after,
  limit,
  ...filter
}: SlaFilter & { after: string; limit: number }): Statement => {
  const open = own(filter).addIf(after === '' ? null : after, 'id > ?::uuid');
  const [[most], parameters] = numbered(open, limit);
  return [
    `select ${deadlineColumns} from deadline where ${open.sql} and ended_at is null order by id limit ${most}`,
    parameters,
  ];
};

import { isBatch, type Wish } from '../history/wishes.js';
import { faultOf, type Faults, type Rows } from './rows.js';

/** Everything that is kept of a tenant's events: stored, in quarantine, or set aside. */
const kept = `
  select id, 'stored' as place from risk.risk_event where tenant = any($1)
  union all select id, 'quarantine' from risk.risk_quarantine where tenant = any($1)
  union all select convert_from(raw, 'UTF8')::jsonb #>> '{event,id}', 'dead letter' from risk.dead_letter
    where item >= 0 and topic = 'linli.risk.intake.v1' and convert_from(raw, 'UTF8')::jsonb ->> 'tenant' = any($1)`;

/** Signals that a place has counted, against those that are stored for it. */
const miscounted = `
  select place.id, place.counted, coalesce(event.stored, 0)::int as stored from (
    select id, generation, (select coalesce(sum((day.value ->> 1)::int), 0)::int
      from jsonb_each(tally::text::jsonb -> 'days') as day) as counted
    from risk.risk_place where tenant = any($1) and tally is not null) as place
  left join (select place_id, generation, count(*) as stored from risk.risk_event where tenant = any($1)
    group by place_id, generation) as event on event.place_id = place.id and event.generation = place.generation
  where place.counted <> coalesce(event.stored, 0)`;

/** Each accepted event is kept exactly once and counted exactly once; none is kept that nobody sent. */
export const eventFaults = async (
  rows: Rows,
  wishes: readonly Wish[],
  tenants: readonly string[],
): Promise<Faults> => {
  const batches = wishes.filter(isBatch);
  const places = new Map<string, string[]>();
  for (const { id, place } of await rows<{ id: string; place: string }>(kept, [tenants]))
    places.set(id, [...(places.get(id) ?? []), place]);
  const sent = new Set(batches.flatMap((batch) => batch.sent));
  return [
    ...faultOf(
      'an accepted event is nowhere',
      batches.flatMap(({ taken }) => taken).filter((id) => !places.has(id)),
    ),
    ...faultOf(
      'an event is kept in more than one place',
      [...places].filter(([, where]) => where.length > 1),
    ),
    ...faultOf(
      'an event is kept that nobody sent',
      [...places.keys()].filter((id) => !sent.has(id)),
    ),
    ...faultOf('a place has counted other signals than are stored for it', await rows(miscounted, [tenants])),
  ];
};

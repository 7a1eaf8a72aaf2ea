import type { Answer, Handling } from '@linli/bus';
import {
  CalendarImportedV1,
  DEFAULT_CALENDAR,
  operationsTopic,
  type CalendarCommand,
  type CalendarImported,
  type CalendarImportedFact,
  type Command,
  type MovingDeadline,
} from '@linli/contracts';
import { refuse, type Refusal } from '@linli/kernel';
import { differenceOf } from '../calendar/difference.js';
import { publishedIn, type CalendarContent, type OwnContent } from '../calendar/content.js';
import { WorkingCalendar } from '../calendar/working-calendar.js';
import { EVERYBODY, type StoredCalendar } from '../store/calendar-store.js';
import type { WorkingCalendars } from './working-calendars.js';
import type { CalendarChange, DeadlineMove } from './deadlines-on.js';
import { ownOf, planImport, type ImportPlan, type Planned } from './plan-import.js';

export type ImportOrder = CalendarCommand<'calendar.import'> & { readonly tenant: string };

/** Shown in the outcome of an import, which is kept; a dry run shows all. */
const MOST_SHOWN = 1000;

interface Plan extends ImportPlan {
  readonly order: ImportOrder;
  readonly own: OwnContent;
  readonly standing: readonly StoredCalendar[];
}

const everybodys = async <Tx>({ store }: WorkingCalendars<Tx>, tx: Tx): Promise<CalendarContent> => {
  const [row] = await store.standing(tx, EVERYBODY);
  const content = row && (await store.content(tx, row.version));
  if (!content) throw new Error('the calendar of everybody is gone');
  return content;
};

/** To take a year's data away would move deadlines to dates that nobody published. */
const takenAway = ({ before, after }: Planned): Refusal | null => {
  const left = publishedIn(after);
  const gone = publishedIn(before).filter((year) => !left.includes(year));
  return gone.length > 0
    ? refuse(
        'CAL_YEAR_EMPTY',
        'invalid',
        `It says nothing of ${gone.join(', ')}, which is published already.`,
      )
    : null;
};

const planOf = async <Tx>(
  calendars: WorkingCalendars<Tx>,
  tx: Tx,
  order: ImportOrder,
): Promise<Plan | Refusal> => {
  const own = ownOf(order.content);
  const standing = await calendars.store.standing(tx, order.tenant);
  const everybody = await everybodys(calendars, tx);
  const plan = planImport({ everybody, own: standing }, order.calendar, own);
  return takenAway(plan.named) ?? { ...plan, order, own, standing };
};

const calendarOf = (version: string, { hours, years }: CalendarContent): WorkingCalendar =>
  new WorkingCalendar({ version, hours, years });

const changesOf = ({ order, standing, changed, named, followers }: Plan): CalendarChange[] =>
  (changed ? [named, ...followers] : []).map(({ calendar, before, after, previousVersion, version }) => ({
    ...{ tenant: order.tenant, calendar },
    from: calendarOf(previousVersion, before),
    to: calendarOf(version, after),
    units: standing.map((one) => one.calendar).filter((name) => name !== DEFAULT_CALENDAR),
  }));

const versionsOf = ({ calendar, previousVersion, version }: Planned) => ({
  ...{ calendar, previousVersion, calendarVersion: version },
});

const isoOrNull = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());

const viewOf = ({ id, aggregateId, clock, from, to }: DeadlineMove): MovingDeadline => ({
  ...{ id, aggregateId, clock, from: isoOrNull(from), to: isoOrNull(to) },
});

const resultOf = (
  { changed, named, followers }: Plan,
  moved: readonly DeadlineMove[],
  dryRun: boolean,
): CalendarImported => ({
  ...versionsOf(named),
  ...{ dryRun, changed },
  difference: differenceOf(named.before, named.after),
  calendars: (changed ? [named, ...followers] : []).map(versionsOf),
  ...{ moving: moved.length, deadlines: (dryRun ? moved : moved.slice(0, MOST_SHOWN)).map(viewOf) },
});

/** What an import would change: days, hours, calendars of units, and every deadline that would move. Changes nothing. */
export const previewImport = async <Tx>(
  calendars: WorkingCalendars<Tx>,
  tx: Tx,
  order: ImportOrder,
): Promise<CalendarImported | Refusal> => {
  const plan = await planOf(calendars, tx, order);
  if ('kind' in plan) return plan;
  const moving: DeadlineMove[] = [];
  for (const change of changesOf(plan))
    for (const holder of calendars.deadlines) moving.push(...(await holder.moving(tx, change)));
  return resultOf(plan, moving, true);
};

/** Who imports, and what is told where. */
export interface Importing {
  readonly service: string;
  readonly command: Pick<Command, 'principal' | 'aggregateId'>;
}

const sourcesOf = ({ years, hours }: OwnContent): string[] => [
  ...years.flatMap(({ papers }) => papers),
  ...(hours?.source ? [hours.source] : []),
];

const tellIt = <Tx>(
  plan: Plan,
  handling: Handling<Tx>,
  { service, command }: Importing,
  told: { readonly n: number; readonly moved: number },
): void => {
  const data: CalendarImportedFact = {
    ...versionsOf(plan.named),
    ...{ year: plan.own.years[0]?.year ?? null, hours: plan.own.hours !== null },
    ...{ sources: sourcesOf(plan.own), importedBy: command.principal.name, moved: told.moved },
  };
  handling.tell({
    ...{ topic: operationsTopic(service).name, type: CalendarImportedV1.typeOf(service) },
    ...{ tenant: plan.order.tenant, aggregateId: command.aggregateId, aggregateVersion: told.n, data },
  });
};

/** The calendar says so from now on, and the deadlines that hang on it move; all in the transaction of the handling. */
export const importCalendar = async <Tx>(
  calendars: WorkingCalendars<Tx>,
  handling: Handling<Tx>,
  order: ImportOrder,
  importing: Importing,
): Promise<Answer> => {
  const plan = await planOf(calendars, handling.tx, order);
  if ('kind' in plan) return { refusal: plan };
  const last = Math.max(0, ...plan.standing.map(({ n }) => n));
  if (!plan.changed) return { resource: resultOf(plan, [], false), version: last };
  const { principal } = importing.command;
  const by = {
    ...{ tenant: order.tenant, n: last + 1, sources: sourcesOf(plan.own) },
    ...{ importedAt: handling.now, importedBy: `${principal.name} (${principal.keyId})` },
  };
  await calendars.store.add(
    handling.tx,
    [plan.named, ...plan.followers].map(({ calendar, own, after: content }) => ({
      ...by,
      ...{ calendar, own, content },
    })),
  );
  const moved: DeadlineMove[] = [];
  for (const change of changesOf(plan))
    for (const holder of calendars.deadlines) moved.push(...(await holder.move(handling, change)));
  tellIt(plan, handling, importing, { n: by.n, moved: moved.length });
  return { resource: resultOf(plan, moved, false), version: by.n };
};

import { DEFAULT_CALENDAR, type SlaForecastQueue } from '@linli/contracts';
import { groupBy, HOUR, MINUTE } from '@linli/kernel';
import { OutOfCalendar } from '../calendar/scale.js';
import type { WorkingCalendar } from '../calendar/working-calendar.js';
import type { Calendars } from '../ledger/calendars.js';
import type { DueCount, EndedCount, QueueName, SlaFilter, SlaReads } from '../store/sla-reads.js';
import { forecast, type Forecast } from './forecast.js';

export interface ForecastWanted {
  /** Working hours ahead. */
  readonly hours: number;
  /** Working hours back over which throughput is counted. */
  readonly lookbackHours: number;
}

/** What one service says of the hours to come. */
export interface ForecastSeen {
  readonly at: string;
  readonly items: readonly Omit<SlaForecastQueue, 'service'>[];
}

/** So many a queue at most, however many deadlines there are: what is due within one counts as due at its beginning. */
const MOST_STEPS = 500;

const textOf = (instant: number): string => new Date(instant).toISOString();
const nameOf = ({ clock, unit }: QueueName): string => JSON.stringify([clock, unit]);

/** The instant so many working hours away; null: outside of what calendars cover. */
const hoursFrom = ({ time }: WorkingCalendar, now: number, hours: number): number | null => {
  try {
    return Math.round(time.when(time.at(now) + hours * HOUR));
  } catch (error) {
    if (error instanceof OutOfCalendar) return null;
    throw error;
  }
};

const hoursBetween = ({ time }: WorkingCalendar, from: number, to: number): number =>
  (time.at(to) - time.at(from)) / HOUR;

/** A queue with the calendar of its unit. */
interface Asked {
  readonly queue: QueueName;
  readonly calendar: WorkingCalendar;
  readonly now: number;
  readonly until: number;
}

/** A queue that is younger than the time looked back over is judged by its own time. */
const throughputOf = (
  { calendar, now }: Asked,
  since: number,
  counted: EndedCount | undefined,
): SlaForecastQueue['throughput'] => {
  const { ended = 0, inTime = 0, started = since } = counted ?? {};
  const from = Math.min(now, Math.max(since, started));
  const hours = Math.max(1, hoursBetween(calendar, from, now));
  return { since: textOf(from), hours, ended, inTime, perHour: ended / hours };
};

const forecastOf = (
  { calendar, now, until }: Asked,
  perHour: number,
  dues: readonly DueCount[] = [],
): Forecast =>
  forecast({
    ...{ queue: dues.filter(({ due }) => due <= until), now, perHour },
    hoursTo: (due) => hoursBetween(calendar, now, due),
  });

type CalendarFor = (unit: string | null) => WorkingCalendar;

/** The calendars by which units work. */
const unitCalendars = async <Tx>(
  calendars: Calendars<Tx>,
  tx: Tx,
  tenant: string,
  queues: readonly QueueName[],
): Promise<CalendarFor> => {
  const units = [...new Set(queues.flatMap(({ unit }) => unit ?? []))];
  const known = await calendars.newest(tx, tenant, [DEFAULT_CALENDAR, ...units]);
  return (unit) => {
    const calendar = (unit !== null && known.get(unit)) || known.get(DEFAULT_CALENDAR);
    if (!calendar) throw new Error(`the tenant ${tenant} has no calendar`);
    return calendar;
  };
};

/** Looks into the working hours to come, queue by queue. */
export class Forecasts<Tx> {
  constructor(
    private readonly reads: SlaReads<Tx>,
    private readonly calendars: Calendars<Tx>,
  ) {}

  async seen(tx: Tx, filter: SlaFilter, { hours, lookbackHours }: ForecastWanted): Promise<ForecastSeen> {
    const { reads } = this;
    const now = await reads.at(tx);
    const queues = await reads.queues(tx, filter, now);
    const calendarFor = await unitCalendars(this.calendars, tx, filter.tenant, queues);
    const asked = queues.map(({ clock, unit }): Asked => {
      const calendar = calendarFor(unit);
      return { queue: { clock, unit }, calendar, now, until: hoursFrom(calendar, now, hours) ?? now };
    });
    const since = hoursFrom(calendarFor(null), now, -lookbackHours) ?? now;
    const counted = new Map((await reads.ended(tx, filter, since)).map((one) => [nameOf(one), one]));
    const last = Math.max(now, ...asked.map(({ until }) => until));
    const horizon = { now, until: last, step: Math.max(MINUTE, (last - now) / MOST_STEPS) };
    const dues = groupBy(await reads.dueBy(tx, filter, horizon), nameOf);
    const items: ForecastSeen['items'][number][] = [];
    for (const one of asked) {
      const throughput = throughputOf(one, since, counted.get(nameOf(one.queue)));
      const ahead = forecastOf(one, throughput.perHour, dues.get(nameOf(one.queue)));
      const first = ahead.first && (await this.first(tx, filter, one, ahead.first.place, throughput.perHour));
      const { overdue, waiting, atRisk } = ahead;
      items.push({
        ...one.queue,
        ...{ until: textOf(one.until), overdue, waiting, throughput, atRisk, first },
      });
    }
    return { at: textOf(now), items };
  }

  private async first(
    tx: Tx,
    filter: SlaFilter,
    { queue, calendar, now }: Asked,
    place: number,
    perHour: number,
  ): Promise<SlaForecastQueue['first']> {
    const found = await this.reads.nth(tx, filter, queue, place);
    if (!found || found.due === null) return null;
    const expected = perHour === 0 ? null : hoursFrom(calendar, now, place / perHour);
    return { id: found.id, due: textOf(found.due), expected: expected === null ? null : textOf(expected) };
  }
}

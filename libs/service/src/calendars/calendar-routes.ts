import { CalendarDate, CalendarImport, CalendarName, PreviewOrder, type Principal } from '@linli/contracts';
import { daysOf, mayImport, previewImport, previewOf, type WorkingCalendars } from '@linli/deadlines';
import { refuse, Refused, type Clock, type Refusal } from '@linli/kernel';
import type { Database, Transaction } from '@linli/store';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { queryPipe, zodPipe } from '../http/zod-pipe.js';

export interface CalendarParts {
  readonly calendars: WorkingCalendars<Transaction>;
  readonly database: Pick<Database, 'readAs'>;
  readonly clock: Clock;
}

const rangePipe = queryPipe(z.object({ from: CalendarDate, to: CalendarDate }));
const importPipe = zodPipe(CalendarImport);
const previewPipe = zodPipe(PreviewOrder);
const query = { type: 'query' } as const;
const body = { type: 'body' } as const;

const callerOf = ({ principal }: FastifyRequest): Principal => {
  if (!principal) throw new Error('this route has no caller');
  return principal;
};

const unknownCalendar = (): Refused =>
  new Refused(refuse('CAL_NOT_FOUND', 'not-found', 'There is no such calendar.'));

const nameIn = ({ params }: FastifyRequest): string => (params as { calendar: string }).calendar;

/** A refusal leaves the door as one. */
const unrefused = <T extends object>(answer: T | Refusal): T => {
  if ('kind' in answer) throw new Refused(answer);
  return answer;
};

const lookRoutes = (fastify: FastifyInstance, { calendars, database, clock }: CalendarParts): void => {
  const named = async (request: FastifyRequest, name: string) => {
    const caller = callerOf(request);
    const found = await database.readAs(caller, (tx) => calendars.named(tx, caller.tenant, name));
    if (!found) throw unknownCalendar();
    return found;
  };
  fastify.get('/internal/calendars', async (request) => {
    const caller = callerOf(request);
    return { items: await database.readAs(caller, (tx) => calendars.list(tx, caller.tenant)) };
  });
  fastify.get('/internal/calendars/:calendar/days', async (request) => {
    const { from, to } = rangePipe.transform(request.query, query);
    const calendar = nameIn(request);
    return { calendar, ...unrefused(daysOf(await named(request, calendar), from, to)) };
  });
  fastify.post('/internal/deadlines/preview', async (request) => {
    const order = previewPipe.transform(request.body, body);
    return unrefused(previewOf(order, await named(request, order.calendar), clock.now()));
  });
};

/** What an import would change: the same question as the command, read only. */
const differenceRoute = (fastify: FastifyInstance, { calendars, database }: CalendarParts): void => {
  fastify.post('/internal/calendars/:calendar/difference', async (request) => {
    const caller = callerOf(request);
    const forbidden = mayImport(caller);
    if (forbidden) throw new Refused(forbidden);
    const content = importPipe.transform(request.body, body);
    const calendar = CalendarName.safeParse(nameIn(request));
    if (!calendar.success) throw unknownCalendar();
    const order = { tenant: caller.tenant, calendar: calendar.data, content };
    return unrefused(await database.readAs(caller, (tx) => previewImport(calendars, tx, order)));
  });
};

/** What is asked about calendars, the same for every service with a bus. */
export const mountCalendars = (fastify: FastifyInstance, parts: CalendarParts): void => {
  lookRoutes(fastify, parts);
  differenceRoute(fastify, parts);
};

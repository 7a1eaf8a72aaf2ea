import {
  CalendarDays,
  CalendarName,
  CalendarView,
  DeadlinePreview,
  PreviewOrder,
  type CalendarPage,
  type Principal,
} from '@linli/contracts';
import { refuse, Refused } from '@linli/kernel';
import { Caller, queryPipe, zodPipe } from '@linli/service';
import { Body, Controller, Inject, Param, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { listCalendarDays, listCalendars, previewDeadline } from '../api/calendar-operations.js';
import { leaving } from '../api/leaving.js';
import { Serves } from '../api/operation.js';
import { opsServices } from '../clients/ops.js';
import type { Asking } from '../clients/risk.js';
import { ServiceClient } from '../clients/services.js';

const Standing = z.object({ items: z.array(CalendarView) });
const daysQuery = queryPipe(listCalendarDays.query as z.ZodObject);
const none = queryPipe(z.object({}));

/** Every service has the same calendars: the first one answers for all. */
const [anyService = ''] = opsServices;

const asking = (caller: Principal, request: FastifyRequest, reply: FastifyReply): Asking => ({
  ...{ caller, correlationId: request.id, signal: leaving(reply) },
});

/** What is asked about calendars, and deadlines that nobody has armed. */
@Controller()
export class CalendarQueries {
  constructor(@Inject(ServiceClient) private readonly services: ServiceClient) {}

  @Serves(previewDeadline)
  preview(
    @Caller() caller: Principal,
    @Body(zodPipe(PreviewOrder)) body: PreviewOrder,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<DeadlinePreview> {
    const question = { ...asking(caller, request, reply), body };
    return this.services.ask(anyService, '/internal/deadlines/preview', DeadlinePreview, question);
  }

  @Serves(listCalendars)
  async list(
    @Caller() caller: Principal,
    @Query(none) _query: object,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CalendarPage> {
    const question = asking(caller, request, reply);
    const known = await Promise.all(
      opsServices.map(async (service) => {
        const { items } = await this.services.ask(service, '/internal/calendars', Standing, question);
        return { service, items };
      }),
    );
    const has = (items: readonly CalendarView[], one: CalendarView): boolean =>
      items.some((item) => item.calendar === one.calendar && item.calendarVersion === one.calendarVersion);
    return {
      items: (known[0]?.items ?? []).map((one) => ({
        ...one,
        differs: known.filter(({ items }) => !has(items, one)).map(({ service }) => service),
      })),
    };
  }

  @Serves(listCalendarDays)
  days(
    @Caller() caller: Principal,
    @Param('calendar') calendar: string,
    @Query(daysQuery) query: { from: string; to: string },
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CalendarDays> {
    if (!CalendarName.safeParse(calendar).success)
      throw new Refused(refuse('CAL_NOT_FOUND', 'not-found', 'There is no such calendar.'));
    const question = { ...asking(caller, request, reply), query };
    return this.services.ask(anyService, `/internal/calendars/${calendar}/days`, CalendarDays, question);
  }
}

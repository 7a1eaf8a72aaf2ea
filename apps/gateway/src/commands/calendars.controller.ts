import { CalendarImport, CalendarImported, DEFAULT_CALENDAR, type Principal } from '@linli/contracts';
import { Caller, queryPipe, zodPipe } from '@linli/service';
import { Body, Controller, Inject, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { requireEverywhere } from '../access/operator.js';
import { importCalendar } from '../api/calendar-operations.js';
import { leaving } from '../api/leaving.js';
import { Serves } from '../api/operation.js';
import { opsServices } from '../clients/ops.js';
import { ServiceClient, type Question } from '../clients/services.js';
import { settledBy, together } from './every-service.js';
import { orderOf, settle } from './order.js';
import { ServiceDoors } from './service-doors.js';
import { calendarsOf } from './wish.js';

const importQuery = queryPipe(importCalendar.query as z.ZodObject);

/** Calendars are imported into every service: one command each. A repetition with the same key does what is left. */
@Controller()
export class CalendarsController {
  constructor(
    @Inject(ServiceDoors) private readonly doors: ServiceDoors,
    @Inject(ServiceClient) private readonly services: ServiceClient,
  ) {}

  @Serves(importCalendar)
  async import(
    @Caller() caller: Principal,
    @Query(importQuery) { calendar = DEFAULT_CALENDAR, dryRun }: { calendar?: string; dryRun?: string },
    @Body(zodPipe(CalendarImport)) content: CalendarImport,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<unknown> {
    requireEverywhere(caller);
    if (dryRun === 'true') {
      const question = { caller, correlationId: request.id, signal: leaving(reply), body: content };
      return this.difference(calendar, question);
    }
    const order = orderOf(caller, request, reply, {
      ...{ type: 'calendar.import', aggregateId: calendarsOf(caller), expectedVersion: null },
      data: { calendar, content },
    });
    const [first, ...others] = await Promise.all(this.doors.all().map((door) => door.take(order)));
    if (!first) throw new Error('no service has calendars');
    return settle(reply, settledBy(first, ...others));
  }

  private async difference(calendar: string, question: Question): Promise<CalendarImported> {
    const path = `/internal/calendars/${calendar}/difference`;
    const [first, ...others] = await Promise.all(
      opsServices.map((service) => this.services.ask(service, path, CalendarImported, question)),
    );
    if (!first) throw new Error('no service has calendars');
    return together(first, ...others);
  }
}

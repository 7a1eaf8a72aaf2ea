import {
  SlaForecast,
  slaCursorOf,
  SlaItemPage,
  type SlaItem,
  SlaQueues,
  WhatIf,
  WhatIfAnswer,
  type Principal,
} from '@linli/contracts';
import { Refused } from '@linli/kernel';
import { Caller, queryPipe, zodPipe } from '@linli/service';
import { Body, Controller, Inject, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { leaving } from '../api/leaving.js';
import { Serves } from '../api/operation.js';
import { slaForecast, slaItems, slaQueues, slaWhatIf } from '../api/sla-operations.js';
import { opsServices } from '../clients/ops.js';
import type { Asking } from '../clients/risk.js';
import { ServiceClient } from '../clients/services.js';
import { everyAnswer } from './every-answer.js';

type Asked = Readonly<Record<string, string | number | undefined>> & { readonly service?: string };

const queuesPipe = queryPipe(slaQueues.query as z.ZodObject);
const itemsPipe = queryPipe(slaItems.query as z.ZodObject);
const forecastPipe = queryPipe(slaForecast.query as z.ZodObject);
const QueuesSeen = SlaQueues.omit({ unreachable: true });
const ForecastSeen = SlaForecast.pick({ at: true, items: true });
const ItemsSeen = SlaItemPage.pick({ at: true, items: true });

const DEFAULT_LIMIT = 50;
const DEFAULT_HOURS = 8;
const DEFAULT_LOOKBACK = 70;
/** A change may be weighed for a hundred thousand deadlines. */
const WEIGHS_WITHIN_MS = 25_000;

const wanted = (service: string | undefined): readonly string[] =>
  service === undefined ? opsServices : [service];
const latest = (answers: readonly { readonly at: string }[]): string =>
  answers
    .map(({ at }) => at)
    .toSorted()
    .at(-1) ?? '';

const dueOf = ({ due }: SlaItem): number => (due === null ? Infinity : Date.parse(due));
const byDue = (a: SlaItem, b: SlaItem): number =>
  dueOf(a) === dueOf(b) ? Number(a.id > b.id) - Number(a.id < b.id) : dueOf(a) - dueOf(b);

const asking = (caller: Principal, request: FastifyRequest, reply: FastifyReply): Asking => ({
  ...{ caller, correlationId: request.id, signal: leaving(reply) },
});

/** Deadlines as operators watch them. Each service answers for its own; here it is put together. */
@Controller()
export class SlaQueries {
  constructor(@Inject(ServiceClient) private readonly services: ServiceClient) {}

  @Serves(slaQueues)
  async queues(
    @Caller() caller: Principal,
    @Query(queuesPipe) { service, ...query }: Asked,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SlaQueues> {
    const question = { ...asking(caller, request, reply), query };
    const { answers, unreachable } = await everyAnswer(wanted(service), (one) =>
      this.services.ask(one, '/internal/sla/queues', QueuesSeen, question),
    );
    return {
      at: latest(answers),
      items: answers.flatMap(({ items }) => items),
      unreachable: [...unreachable],
    };
  }

  @Serves(slaItems)
  async items(
    @Caller() caller: Principal,
    @Query(itemsPipe) { service, limit = DEFAULT_LIMIT, ...query }: Asked & { readonly limit?: number },
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SlaItemPage> {
    const question = { ...asking(caller, request, reply), query: { ...query, limit: limit + 1 } };
    const { answers, unreachable } = await everyAnswer(wanted(service), (one) =>
      this.services.ask(one, '/internal/sla/items', ItemsSeen, question),
    );
    const all = answers.flatMap(({ items }) => items).toSorted(byDue);
    const items = all.slice(0, limit);
    const last = items.at(-1);
    const next = last && all.length > limit ? slaCursorOf(last) : null;
    return { at: latest(answers), items, next, unreachable: [...unreachable] };
  }

  @Serves(slaForecast)
  async forecast(
    @Caller() caller: Principal,
    @Query(forecastPipe)
    {
      service,
      hours = DEFAULT_HOURS,
      lookbackHours = DEFAULT_LOOKBACK,
      ...query
    }: Asked & { readonly hours?: number; readonly lookbackHours?: number },
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SlaForecast> {
    const question = { ...asking(caller, request, reply), query: { ...query, hours, lookbackHours } };
    const { answers, unreachable } = await everyAnswer(wanted(service), (one) =>
      this.services.ask(one, '/internal/sla/forecast', ForecastSeen, question),
    );
    return {
      ...{ at: latest(answers), hours, lookbackHours },
      ...{ items: answers.flatMap(({ items }) => items), unreachable: [...unreachable] },
    };
  }

  @Serves(slaWhatIf)
  async whatIf(
    @Caller() caller: Principal,
    @Body(zodPipe(WhatIf)) body: WhatIf,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<WhatIfAnswer> {
    const question = { ...asking(caller, request, reply), body, withinMs: WEIGHS_WITHIN_MS };
    const settled = await Promise.allSettled(
      opsServices.map((one) => this.services.ask(one, '/internal/sla/what-if', WhatIfAnswer, question)),
    );
    return together(body.change, settled);
  }
}

const knowsNoClock = (error: unknown): boolean =>
  error instanceof Refused && error.refusal.code === 'SLA_CLOCK_UNKNOWN';

/** One answer of all services; who does not know the clock has nothing that would move. */
const together = (
  change: WhatIf['change'],
  settled: readonly PromiseSettledResult<WhatIfAnswer>[],
): WhatIfAnswer => {
  const failed = settled.filter((one) => one.status === 'rejected').map(({ reason }) => reason as unknown);
  const refused =
    failed.find((error) => !knowsNoClock(error)) ?? (failed.length === settled.length && failed[0]);
  if (refused) throw refused;
  const answers = settled.filter((one) => one.status === 'fulfilled').map(({ value }) => value);
  const sum = (of: (answer: WhatIfAnswer) => number): number =>
    answers.reduce((all, one) => all + of(one), 0);
  return {
    ...{ at: latest(answers), change, moving: sum(({ moving }) => moving) },
    ...{
      earlier: sum(({ earlier }) => earlier),
      later: sum(({ later }) => later),
      late: sum(({ late }) => late),
    },
    deadlines: answers.flatMap(({ deadlines }) => deadlines),
  };
};

import { AreaPrefix, SlaBand, SlaCursor, SlaState, WhatIf, type Principal } from '@linli/contracts';
import { whatIf, type Deadlines, type SlaPlace, type WorkingCalendars } from '@linli/deadlines';
import { refuse, Refused } from '@linli/kernel';
import type { Database, Transaction } from '@linli/store';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { queryPipe, zodPipe } from '../http/zod-pipe.js';

export interface SlaParts {
  readonly service: string;
  readonly deadlines: Pick<Deadlines<Transaction>, 'sla'>;
  readonly calendars: WorkingCalendars<Transaction>;
  readonly database: Pick<Database, 'readAs'>;
}

const whole = z
  .string()
  .regex(/^[0-9]{1,4}$/u)
  .transform(Number);
const yes = z.enum(['true', 'false']).transform((text) => text === 'true');
const place = SlaCursor.transform((text): SlaPlace => {
  const [due = '', id = ''] = text.split('.');
  return { due: due === '-' ? null : Number(due), id };
});
const which = { clock: z.string().optional(), unit: z.string().optional(), area: AreaPrefix.optional() };

/** A drill is training: it is counted only when asked for. */
const counted = { ...which, exercise: yes.default(false) };

const queuesPipe = queryPipe(z.object(counted));
const forecastPipe = queryPipe(z.object({ ...counted, hours: whole, lookbackHours: whole }));
const itemsPipe = queryPipe(
  z.object({
    ...which,
    ...{ state: SlaState.optional(), band: SlaBand.optional() },
    ...{ suspended: yes.optional(), provisional: yes.optional(), exercise: yes.optional() },
    ...{ limit: whole, cursor: place.optional() },
  }),
);
const whatIfPipe = zodPipe(WhatIf);
const query = { type: 'query' } as const;
const body = { type: 'body' } as const;

/** Operators only; one who is limited to areas sees those. */
const operatorOf = ({ principal }: FastifyRequest): Principal => {
  if (principal?.scopes.includes('ops')) return principal;
  throw new Refused(refuse('OPS_FORBIDDEN', 'forbidden', 'This needs a key with the scope ops.'));
};

const scopeOf = ({ tenant, areas }: Principal): Pick<Principal, 'tenant' | 'areas'> => ({ tenant, areas });

const lookRoutes = (fastify: FastifyInstance, { service, deadlines, database }: SlaParts): void => {
  const { sla } = deadlines;
  const named = <T extends object>(items: readonly T[]): (T & { service: string })[] =>
    items.map((one) => ({ service, ...one }));
  fastify.get('/internal/sla/queues', async (request) => {
    const caller = operatorOf(request);
    const filter = { ...scopeOf(caller), ...queuesPipe.transform(request.query, query) };
    const { at, items } = await database.readAs(caller, (tx) => sla.queues(tx, filter));
    return { at, items: named(items) };
  });
  fastify.get('/internal/sla/items', async (request) => {
    const caller = operatorOf(request);
    const { cursor = null, ...asked } = itemsPipe.transform(request.query, query);
    const filter = { ...scopeOf(caller), ...asked, after: cursor };
    const { at, items } = await database.readAs(caller, (tx) => sla.items(tx, filter));
    return { at, items: named(items) };
  });
  fastify.get('/internal/sla/forecast', async (request) => {
    const caller = operatorOf(request);
    const { hours, lookbackHours, ...asked } = forecastPipe.transform(request.query, query);
    const filter = { ...scopeOf(caller), ...asked };
    const { at, items } = await database.readAs(caller, (tx) =>
      sla.forecast(tx, filter, { hours, lookbackHours }),
    );
    return { at, items: named(items) };
  });
};

const whatIfRoute = (fastify: FastifyInstance, parts: SlaParts): void => {
  const { service, deadlines, calendars, database } = parts;
  fastify.post('/internal/sla/what-if', async (request) => {
    const caller = operatorOf(request);
    const order = whatIfPipe.transform(request.body, body);
    const answer = await database.readAs(caller, (tx) =>
      whatIf({ sla: deadlines.sla, calendars }, tx, scopeOf(caller), order),
    );
    if ('kind' in answer) throw new Refused(answer);
    return { ...answer, deadlines: answer.deadlines.map((one) => ({ service, ...one })) };
  });
};

/** What operators ask of deadlines, the same for every service that keeps some. */
export const mountSla = (fastify: FastifyInstance, parts: SlaParts): void => {
  lookRoutes(fastify, parts);
  whatIfRoute(fastify, parts);
};

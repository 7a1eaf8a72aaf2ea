import { Readable } from 'node:stream';
import { Command, DeadLetterState } from '@linli/contracts';
import { refuse, Refused } from '@linli/kernel';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { queryPipe, zodPipe } from '../http/zod-pipe.js';
import { partitionsOf, statusOf, type StatusParts } from './status.js';
import { verifyChains } from './verify.js';

export const NDJSON = 'application/x-ndjson; charset=utf-8';

const whole = z
  .string()
  .regex(/^[0-9]{1,15}$/u)
  .transform(Number);
const instant = z.iso.datetime({ offset: true }).transform((text) => new Date(text));
const paging = { after: whole.default(0), limit: whole.pipe(z.int().min(1).max(200)).default(50) };
const pageQuery = queryPipe(z.object(paging));
const letterQuery = queryPipe(
  z.object({
    ...paging,
    topic: z.string().optional(),
    state: DeadLetterState.optional(),
    errorContains: z.string().optional(),
    since: instant.optional(),
    until: instant.optional(),
  }),
);
const commandPipe = zodPipe(Command);
const query = { type: 'query' } as const;
const body = { type: 'body' } as const;

const idOf = ({ params }: FastifyRequest): string => {
  const id = z.uuid().safeParse((params as { id?: string }).id);
  if (!id.success) throw new Refused(refuse('OPS_NOT_FOUND', 'not-found', 'There is nothing with this id.'));
  return id.data;
};

const found = <T>(one: T | null): T => {
  if (one === null) throw new Refused(refuse('OPS_NOT_FOUND', 'not-found', 'There is nothing with this id.'));
  return one;
};

/** The command of the body, as the operator's who asks: the gateway says who that is, not the body. */
const commandIn = (request: FastifyRequest): Command => {
  const { principal } = request;
  if (!principal) throw new Error('this route has no caller');
  return { ...commandPipe.transform(request.body, body), principal };
};

const byHand = (command: Command): Command => {
  if (command.type === 'ops.resume-partition') return command;
  throw new Refused(refuse('OPS_NOT_BY_HAND', 'invalid', `${command.type} travels in the log.`));
};

const forbidden = (): Refused =>
  new Refused(refuse('OPS_FORBIDDEN', 'forbidden', 'This needs a key with the scope ops, for all areas.'));

type Answer = (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>;

/** Routes behind the door of the service (who asks is known by then), each for operators only. */
const routesOf = (fastify: FastifyInstance) => {
  const onRequest = async ({ principal }: FastifyRequest): Promise<void> => {
    if (!principal?.scopes.includes('ops') || principal.areas !== null) throw forbidden();
  };
  return (method: 'GET' | 'POST', path: string, handler: Answer): void => {
    fastify.route({ method, url: `/internal/ops${path}`, onRequest, handler });
  };
};
type Routes = ReturnType<typeof routesOf>;

const lookRoutes = (route: Routes, parts: StatusParts): void => {
  const { operate } = parts.bus;
  route('GET', '/status', () => statusOf(parts));
  route('GET', '/partitions', async () => ({ items: await partitionsOf(parts) }));
  route('GET', '/dead-letters', async (request) =>
    operate.deadLetters(letterQuery.transform(request.query, query)),
  );
  route('GET', '/dead-letters/:id', async (request) => found(await operate.deadLetter(idOf(request))));
  route('GET', '/parked-keys', async (request) =>
    operate.parkedKeys(pageQuery.transform(request.query, query)),
  );
  route('GET', '/parked-keys/:id', async (request) => found(await operate.parkedKey(idOf(request))));
  route('GET', '/outcomes/:id', async (request) => found(await parts.bus.outcome(idOf(request))));
};

const actRoutes = (route: Routes, { service, bus }: StatusParts): void => {
  route('POST', '/preview', async (request) => bus.operate.preview(commandIn(request)));
  route('POST', '/commands', async (request) => bus.operate.runByHand(byHand(commandIn(request))));
  route('POST', '/audit/verify', async (request, reply) => {
    const lines = verifyChains(service, bus, () => request.raw.socket.destroyed);
    const text = async function* () {
      for await (const line of lines) yield `${JSON.stringify(line)}\n`;
    };
    return reply.type(NDJSON).send(Readable.from(text()));
  });
};

/** What operators see and do, the same for every service with a bus; only for those whom the gateway calls operators. */
export const mountOperate = (fastify: FastifyInstance, parts: StatusParts): void => {
  const route = routesOf(fastify);
  lookRoutes(route, parts);
  actRoutes(route, parts);
};

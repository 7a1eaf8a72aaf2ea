import { Readable } from 'node:stream';
import { Command, DeadLetterState } from '@linli/contracts';
import { refuse, Refused } from '@linli/kernel';
import type { FastifyInstance, FastifyRequest } from 'fastify';
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
  return { ...(commandPipe.transform(request.body, body) as Command), principal };
};

const byHand = (command: Command): Command => {
  if (command.type === 'ops.resume-partition') return command;
  throw new Refused(refuse('OPS_NOT_BY_HAND', 'invalid', `${command.type} travels in the log.`));
};

const guard = (fastify: FastifyInstance): void => {
  fastify.addHook('onRequest', async ({ principal }) => {
    if (principal?.scopes.includes('ops') && principal.areas === null) return;
    throw new Refused(
      refuse('OPS_FORBIDDEN', 'forbidden', 'This needs a key with the scope ops, for all areas.'),
    );
  });
};

const lookRoutes = (fastify: FastifyInstance, parts: StatusParts): void => {
  const { operate } = parts.bus;
  fastify.get('/status', () => statusOf(parts));
  fastify.get('/partitions', async () => ({ items: await partitionsOf(parts) }));
  fastify.get('/dead-letters', async (request) =>
    operate.deadLetters(letterQuery.transform(request.query, query) as z.output<never>),
  );
  fastify.get('/dead-letters/:id', async (request) => found(await operate.deadLetter(idOf(request))));
  fastify.get('/parked-keys', async (request) =>
    operate.parkedKeys(pageQuery.transform(request.query, query) as z.output<never>),
  );
  fastify.get('/parked-keys/:id', async (request) => found(await operate.parkedKey(idOf(request))));
  fastify.get('/outcomes/:id', async (request) => found(await parts.bus.outcome(idOf(request))));
};

const actRoutes = (fastify: FastifyInstance, { service, bus }: StatusParts): void => {
  fastify.post('/preview', async (request) => bus.operate.preview(commandIn(request)));
  fastify.post('/commands', async (request) => bus.operate.runByHand(byHand(commandIn(request))));
  fastify.post('/audit/verify', async (request, reply) => {
    const lines = verifyChains(service, bus, () => request.raw.socket.destroyed);
    const text = async function* () {
      for await (const line of lines) yield `${JSON.stringify(line)}\n`;
    };
    return reply.type(NDJSON).send(Readable.from(text()));
  });
};

/** What operators see and do, the same for every service with a bus; only for those whom the gateway calls operators. */
export const mountOperate = (fastify: FastifyInstance, parts: StatusParts): void => {
  void fastify.register(
    async (ops) => {
      guard(ops);
      lookRoutes(ops, parts);
      actRoutes(ops, parts);
    },
    { prefix: '/internal/ops' },
  );
};

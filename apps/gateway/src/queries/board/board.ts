import { join } from 'node:path';
import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { fastifyStatic } from '@fastify/static';
import { refuse, Refused, within } from '@linli/kernel';
import ejs from 'ejs';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { requireEverywhere } from '../../access/operator.js';
import { board } from '../../api/board-operation.js';
import type { BoardQueues } from './board-queues.js';
import { LookingAdapter } from './looking-adapter.js';

const BASE = '/v1/ops/board';
const ANSWERS_WITHIN_MS = 3_000;

/** Only what this server sends itself; the page sets styles on its elements, and has its own base. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; " +
  "connect-src 'self'; frame-ancestors 'none'; base-uri 'self'; form-action 'none'";

/** The board of these queues; asks the queues nothing yet. */
export const boardOf = (queues: BoardQueues['queues']): LookingAdapter => {
  const serverAdapter = new LookingAdapter();
  createBullBoard({
    queues: queues.map((queue) => new BullMQAdapter(queue, { readOnlyMode: true, allowRetries: false })),
    serverAdapter,
    options: { uiConfig: { boardTitle: 'Linli' } },
  });
  return serverAdapter;
};

const away = (cause: unknown): Refused =>
  Object.assign(
    new Refused(
      refuse('GTW_BOARD_UNAVAILABLE', 'unavailable', 'Redis, where the alarms are, does not answer.'),
    ),
    { cause },
  );

/** All that the board serves below its address, by GET alone, for operators of all areas. */
export const mountBoard = (fastify: FastifyInstance, { queues, close }: BoardQueues): void => {
  const seen = boardOf(queues);
  const onRequest = async ({ principal }: FastifyRequest): Promise<void> => {
    if (!principal) throw new Error('this route has no caller');
    requireEverywhere(principal);
  };
  type Handler = (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>;
  const get = (path: string, handler: Handler): void => {
    fastify.get(`${BASE}${path}`, { config: { operation: board }, onRequest }, handler);
  };
  void fastify.register(fastifyStatic, { root: seen.staticsIn, serve: false, cacheControl: false });
  for (const path of ['', ...seen.pages()])
    get(path, async (_request, reply) => {
      const { name, params } = seen.page(BASE);
      const html = await ejs.renderFile(join(seen.viewsIn, name), params);
      return reply.type('text/html; charset=utf-8').header('content-security-policy', POLICY).send(html);
    });
  get('/static/*', async ({ params }, reply) => {
    void reply.header('cache-control', 'private, max-age=3600');
    return reply.sendFile((params as { '*': string })['*']);
  });
  for (const { path, answer } of seen.data())
    get(path, async (request, reply) => {
      const asked = { params: request.params as Record<string, string>, query: request.query as object };
      const { status = 200, body } = await within(ANSWERS_WITHIN_MS, answer(asked)).catch(
        (error: unknown) => {
          throw away(error);
        },
      );
      return reply.code(status).send(body);
    });
  fastify.addHook('onClose', close);
};

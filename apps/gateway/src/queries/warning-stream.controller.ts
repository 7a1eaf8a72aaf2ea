import { Problem, type Principal } from '@linli/contracts';
import { refuse, Refused, type Refusal } from '@linli/kernel';
import { Caller, queryPipe, type ServiceParts } from '@linli/service';
import { Controller, Inject, Query, Req, Res, type OnModuleDestroy } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { Keyring } from '../access/keyring.js';
import { Serves } from '../api/operation.js';
import { warningStream } from '../api/warning-operations.js';
import { RiskClient } from '../clients/risk.js';
import { PARTS } from '../parts.js';
import { copyEvents } from './copy-events.js';
import { isStorable } from '@linli/service';

const streamQuery = queryPipe(warningStream.query as z.ZodObject);
const KEY_CHECK_MS = 4000;
const MOST_OPEN = 1000;

const lastSeen = (header: unknown): Record<string, string> => {
  if (header === undefined) {
    return {};
  }
  if (
    typeof header !== 'string' ||
    header.length > 512 ||
    !isStorable(header) ||
    !/^[\x20-\x7e]*$/u.test(header)
  ) {
    throw new Refused(refuse('GTW_LAST_EVENT_ID_INVALID', 'malformed', 'Last-Event-ID is not one of ours.'));
  }
  return { 'last-event-id': header };
};

/** Why the risk service does not stream: it does not know the last event, or something is wrong with it. */
const refusalIn = async (from: Response): Promise<Refusal> => {
  const said = Problem.safeParse(await from.json().catch(() => null));
  return said.data?.status === 400 && said.data.code === 'RSK_LAST_EVENT_ID_INVALID'
    ? refuse(said.data.code, 'malformed', said.data.detail)
    : refuse('GTW_OWNER_UNAVAILABLE', 'unavailable', 'The risk service does not stream right now.');
};

/** `GET /v1/warnings/stream`: the stream of the risk service, for as long as the key lives. */
@Controller()
export class WarningStream implements OnModuleDestroy {
  private readonly open = new Set<AbortController>();

  constructor(
    @Inject(RiskClient) private readonly risk: RiskClient,
    @Inject(Keyring) private readonly keyring: Keyring,
    @Inject(PARTS) private readonly parts: Pick<ServiceParts, 'logger'>,
  ) {}

  @Serves(warningStream)
  async follow(
    @Caller() caller: Principal,
    @Query(streamQuery) query: { readonly exercise?: string },
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    if (this.open.size >= MOST_OPEN) {
      throw new Refused(refuse('GTW_BUSY', 'unavailable', 'Too many streams are open here.'));
    }
    const headers = lastSeen(request.headers['last-event-id']);
    const ending = new AbortController();
    reply.raw.once('close', () => ending.abort());
    this.open.add(ending);
    const watch = setInterval(() => void this.check(request, ending), KEY_CHECK_MS);
    try {
      const asking = { caller, correlationId: request.id, signal: ending.signal, headers, query };
      await this.pipe(await this.risk.stream('/internal/warnings/stream', asking), reply, ending.signal);
    } finally {
      clearInterval(watch);
      this.open.delete(ending);
    }
  }

  /** Streams end before the server closes: they would hold it open. */
  onModuleDestroy(): void {
    for (const ending of this.open) {
      ending.abort();
    }
  }

  private async pipe(from: Response, reply: FastifyReply, ending: AbortSignal): Promise<void> {
    if (!from.ok || !from.body) {
      throw new Refused(await refusalIn(from));
    }
    reply.hijack();
    reply.raw.writeHead(200, {
      ...(reply.getHeaders() as Record<string, string>),
      'content-type': 'text/event-stream; charset=utf-8',
      'x-accel-buffering': 'no',
    });
    reply.raw.write(': welcome\n\n');
    try {
      await copyEvents(from.body, reply.raw);
    } catch (error) {
      if (!ending.aborted) {
        // The risk service broke off; the client comes back with Last-Event-ID.
        this.parts.logger.warn({ err: error, correlationId: reply.request.id }, 'stream broke off');
      }
    } finally {
      reply.raw.end();
    }
  }

  private async check(request: FastifyRequest, ending: AbortController): Promise<void> {
    try {
      await this.keyring.principalOf(request.headers.authorization);
    } catch (error) {
      if (error instanceof Refused && error.refusal.kind === 'unauthenticated') {
        ending.abort();
      }
    }
  }
}

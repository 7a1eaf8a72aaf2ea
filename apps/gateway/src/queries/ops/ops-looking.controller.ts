import {
  DeadLetterPage,
  DeadLetterView,
  Outcome,
  ParkedKeyPage,
  ParkedKeyView,
  PartitionPage,
  type OpsStatus,
  type Principal,
} from '@linli/contracts';
import { refuse, Refused } from '@linli/kernel';
import { Caller, queryPipe, zodPipe, type ServiceParts } from '@linli/service';
import { Body, Controller, Inject, Param, Query, Req, Res, type OnModuleDestroy } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { requireEverywhere } from '../../access/operator.js';
import { leaving } from '../../api/leaving.js';
import { sendLines } from '../../api/ndjson.js';
import { Serves } from '../../api/operation.js';
import {
  getDeadLetter,
  getOutcome,
  getParkedKey,
  listDeadLetters,
  listParkedKeys,
  listPartitions,
  opsStatus,
  verifyChains,
} from '../../api/ops-operations.js';
import { OpsClient, opsIdOf, opsServices } from '../../clients/ops.js';
import type { Asking } from '../../clients/risk.js';
import { PARTS } from '../../parts.js';
import { nextOf, placeOf } from './page.js';
import { systemStatus } from './system-status.js';
import { verification } from './verification.js';

type ListQuery = Readonly<Record<string, string | number | undefined>> & {
  readonly service?: string;
  readonly cursor?: string;
};

const none = queryPipe(z.object({}));
const lettersQuery = queryPipe(listDeadLetters.query as z.ZodObject);
const keysQuery = queryPipe(listParkedKeys.query as z.ZodObject);
const partitionsQuery = queryPipe(listPartitions.query as z.ZodObject);
const verifyBody = zodPipe(verifyChains.bodies?.['application/json'] as z.ZodType);

/** What operators see. Each service answers for itself; here it is put together. */
@Controller()
export class OpsQueries implements OnModuleDestroy {
  private readonly ending = new AbortController();

  constructor(
    @Inject(OpsClient) private readonly ops: OpsClient,
    @Inject(PARTS) private readonly parts: Pick<ServiceParts, 'clock' | 'database' | 'log'>,
  ) {}

  /** A long verification ends before the server closes. */
  onModuleDestroy(): void {
    this.ending.abort();
  }

  @Serves(opsStatus)
  status(
    @Caller() caller: Principal,
    @Query(none) _query: object,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<OpsStatus> {
    return systemStatus(this.parts, this.ops, this.asking(caller, request, reply));
  }

  @Serves(listPartitions)
  async partitions(
    @Caller() caller: Principal,
    @Query(partitionsQuery) { service }: { service?: string },
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PartitionPage> {
    const asking = this.asking(caller, request, reply);
    const wanted = service === undefined ? opsServices : [service];
    const pages = await Promise.all(
      wanted.map((one) => this.ops.ask(one, '/partitions', PartitionPage, asking)),
    );
    return { items: pages.flatMap(({ items }) => items) };
  }

  @Serves(listDeadLetters)
  letters(
    @Caller() caller: Principal,
    @Query(lettersQuery) query: ListQuery,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<DeadLetterPage> {
    const asking = this.asking(caller, request, reply);
    return this.page(query, (service, paged) =>
      this.ops.ask(service, '/dead-letters', DeadLetterPage, { ...asking, query: paged }),
    );
  }

  @Serves(getDeadLetter)
  letter(
    @Caller() caller: Principal,
    @Param('id') text: string,
    @Query(none) _query: object,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<DeadLetterView> {
    const asking = this.asking(caller, request, reply);
    const { service, id } = opsIdOf(text);
    return this.ops.ask(service, `/dead-letters/${id}`, DeadLetterView, asking);
  }

  @Serves(listParkedKeys)
  keys(
    @Caller() caller: Principal,
    @Query(keysQuery) query: ListQuery,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ParkedKeyPage> {
    const asking = this.asking(caller, request, reply);
    return this.page(query, (service, paged) =>
      this.ops.ask(service, '/parked-keys', ParkedKeyPage, { ...asking, query: paged }),
    );
  }

  @Serves(getParkedKey)
  key(
    @Caller() caller: Principal,
    @Param('id') text: string,
    @Query(none) _query: object,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ParkedKeyView> {
    const asking = this.asking(caller, request, reply);
    const { service, id } = opsIdOf(text);
    return this.ops.ask(service, `/parked-keys/${id}`, ParkedKeyView, asking);
  }

  @Serves(getOutcome)
  async outcome(
    @Caller() caller: Principal,
    @Param('command') id: string,
    @Query(none) _query: object,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Outcome> {
    const asking = this.asking(caller, request, reply);
    const unknown = new Refused(refuse('OPS_NOT_FOUND', 'not-found', 'There is no outcome of this command.'));
    if (!z.uuid().safeParse(id).success) throw unknown;
    for (const service of opsServices) {
      const found = await this.ops.ask(service, `/outcomes/${id}`, Outcome, asking).catch(unlessMissing);
      if (found) return found;
    }
    throw unknown;
  }

  @Serves(verifyChains)
  verify(
    @Caller() caller: Principal,
    @Body(verifyBody) { service }: { service?: string },
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): void {
    const asking = this.asking(caller, request, reply);
    sendLines(reply, verification(this.ops, service === undefined ? opsServices : [service], asking));
  }

  private asking(caller: Principal, request: FastifyRequest, reply: FastifyReply): Asking {
    requireEverywhere(caller);
    return {
      caller,
      correlationId: request.id,
      signal: AbortSignal.any([this.ending.signal, leaving(reply)]),
    };
  }

  private async page<P extends { items: unknown[]; next: string | null }>(
    { service, cursor, ...query }: ListQuery,
    ask: (service: string, query: NonNullable<Asking['query']>) => Promise<P>,
  ): Promise<P> {
    const at = placeOf(cursor, service);
    const page = await ask(at.service, { ...query, after: at.after });
    return { ...page, next: nextOf(page.next, at, service) };
  }
}

const unlessMissing = (error: unknown): null => {
  if (error instanceof Refused && error.refusal.kind === 'not-found') return null;
  throw error;
};

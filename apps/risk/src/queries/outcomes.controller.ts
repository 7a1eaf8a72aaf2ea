import type { Outcome, Principal } from '@linli/contracts';
import { Caller, queryPipe } from '@linli/service';
import { Controller, Get, HttpStatus, Inject, Param, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { PARTS, type Parts } from '../parts.js';
import { whole } from './paging.js';

const patience = queryPipe(z.object({ waitMs: whole(0, 30_000).optional() }));

/** What became of commands. */
@Controller('internal')
export class OutcomeQueries {
  constructor(@Inject(PARTS) private readonly parts: Parts) {}

  /** 200 with the outcome, or 204 when there is none for this tenant after `waitMs`. */
  @Get('outcomes/:commandId')
  async outcome(
    @Caller() caller: Principal,
    @Param('commandId') commandId: string,
    @Query(patience) { waitMs = 0 }: { waitMs?: number },
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Outcome | undefined> {
    const leaving = new AbortController();
    request.raw.once('close', () => leaving.abort());
    const outcome = z.uuid().safeParse(commandId).success
      ? await this.parts.bus?.waitForOutcome(commandId, waitMs, leaving.signal)
      : null;
    if (outcome?.tenant === caller.tenant) return outcome;
    void reply.code(HttpStatus.NO_CONTENT);
    return undefined;
  }
}

import type { Outcome, Principal } from '@linli/contracts';
import { Caller, queryPipe } from '@linli/service';
import { Controller, Get, HttpStatus, Inject, Param, Query, Res, type OnModuleDestroy } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { PARTS, type Parts } from '../parts.js';
import { whole } from './paging.js';

const patience = queryPipe(z.object({ waitMs: whole(0, 30_000).optional() }));

/** What became of commands. */
@Controller('internal')
export class OutcomeQueries implements OnModuleDestroy {
  private readonly ending = new AbortController();

  constructor(@Inject(PARTS) private readonly parts: Parts) {}

  /** Who waits hears at once that there is none yet: the server closes only when all have their answer. */
  onModuleDestroy(): void {
    this.ending.abort();
  }

  /** 200 with the outcome, or 204 when there is none for this tenant after `waitMs`. */
  @Get('outcomes/:commandId')
  async outcome(
    @Caller() caller: Principal,
    @Param('commandId') commandId: string,
    @Query(patience) { waitMs = 0 }: { waitMs?: number },
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Outcome | undefined> {
    const leaving = new AbortController();
    reply.raw.once('close', () => {
      if (!reply.raw.writableFinished) leaving.abort();
    });
    const outcome = await this.find(commandId, waitMs, AbortSignal.any([leaving.signal, this.ending.signal]));
    if (outcome?.tenant === caller.tenant) return outcome;
    void reply.code(HttpStatus.NO_CONTENT);
    return undefined;
  }

  private async find(commandId: string, waitMs: number, leaving: AbortSignal): Promise<Outcome | null> {
    const { bus } = this.parts;
    if (!bus || !z.uuid().safeParse(commandId).success) return null;
    return waitMs === 0 || leaving.aborted
      ? bus.outcome(commandId)
      : bus.waitForOutcome(commandId, waitMs, leaving);
  }
}

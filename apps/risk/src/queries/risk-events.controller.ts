import type { Principal } from '@linli/contracts';
import { Caller, queryPipe } from '@linli/service';
import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { z } from 'zod';
import { PARTS, type Parts } from '../parts.js';
import { findFate, findQuarantined, summarise, type SummaryFilter } from './find-events.js';
import { intakeView } from './intake-view.js';
import { cursor, instant, limit } from './paging.js';

const bounds = queryPipe(
  z.object({
    source: z.string().min(1).max(64).optional(),
    from: instant.optional(),
    to: instant.optional(),
    by: z.enum(['received', 'occurred']).optional(),
  }),
);
const page = queryPipe(z.object({ limit, cursor }));

/** What is asked about events. */
@Controller('internal')
export class RiskEventQueries {
  constructor(@Inject(PARTS) private readonly parts: Parts) {}

  @Get('risk-events/summary')
  summary(@Caller() caller: Principal, @Query(bounds) query: SummaryFilter) {
    return summarise(this.parts.database, caller, query, this.parts.clock.now().getTime());
  }

  @Get('risk-events/quarantine')
  quarantine(@Caller() caller: Principal, @Query(page) query: { limit?: number; cursor?: string }) {
    return findQuarantined(this.parts.database, caller, query);
  }

  @Get('risk-events/:source/:id')
  fate(@Caller() caller: Principal, @Param('source') source: string, @Param('id') id: string) {
    return findFate(this.parts.database, caller, { source, id }, this.parts.clock.now().getTime());
  }

  @Get('intake-view')
  view(@Caller() caller: Principal) {
    return intakeView(this.parts.database, caller);
  }
}

import type { Bus } from '@linli/bus';
import { AreaPrefix, Colour, riskGroups, WarningStatus, type Principal } from '@linli/contracts';
import { refuse, Refused } from '@linli/kernel';
import { Caller, queryPipe } from '@linli/service';
import {
  Controller,
  Get,
  Header,
  Headers,
  Inject,
  Param,
  Query,
  Sse,
  type OnModuleDestroy,
} from '@nestjs/common';
import { Subject, takeUntil, type Observable } from 'rxjs';
import { z } from 'zod';
import { PARTS, type Parts } from '../parts.js';
import { warningView } from '../use-cases/warning.view.js';
import { explain } from './explain.js';
import { findWarning, findWarnings, warningFeatures, type WarningFilter } from './find-warnings.js';
import { beginningOf, followWarnings, type WarningChange } from './follow-warnings.js';
import { cursor, instant, limit, yesOrNo } from './paging.js';
import { timelineOf } from './timeline.js';

const filter = queryPipe(
  z.object({
    area: AreaPrefix.optional(),
    colour: Colour.optional(),
    status: WarningStatus.optional(),
    group: z.enum(Object.keys(riskGroups)).optional(),
    exercise: yesOrNo.optional(),
    since: instant.optional(),
    limit,
    cursor,
  }),
);

const streamed = queryPipe(z.object({ exercise: yesOrNo.optional() }));

const busOf = ({ bus }: Parts): Bus => {
  if (!bus) throw new Refused(refuse('BUS_AWAY', 'unavailable', 'The journal cannot be read right now.'));
  return bus;
};

/** What is asked about warnings. */
@Controller('internal')
export class WarningQueries implements OnModuleDestroy {
  readonly #ending = new Subject<void>();

  constructor(@Inject(PARTS) private readonly parts: Parts) {}

  @Get('warnings')
  list(@Caller() caller: Principal, @Query(filter) query: WarningFilter) {
    return findWarnings(this.parts.database, caller, query);
  }

  @Get('warnings.geojson')
  @Header('content-type', 'application/geo+json; charset=utf-8')
  features(@Caller() caller: Principal, @Query(filter) query: WarningFilter) {
    return warningFeatures(this.parts.database, caller, query);
  }

  @Sse('warnings/stream')
  async follow(
    @Caller() caller: Principal,
    @Query(streamed) { exercise }: { readonly exercise?: boolean },
    @Headers('last-event-id') last: string | undefined,
  ): Promise<Observable<WarningChange>> {
    const bus = busOf(this.parts);
    const after = await beginningOf(bus, last);
    return followWarnings(bus, { principal: caller, exercise }, after).pipe(takeUntil(this.#ending));
  }

  @Get('warnings/:id')
  async one(@Caller() caller: Principal, @Param('id') id: string) {
    return warningView(await findWarning(this.parts.database, caller, id));
  }

  @Get('warnings/:id/timeline')
  timeline(@Caller() caller: Principal, @Param('id') id: string) {
    const { database, secrets } = this.parts;
    return timelineOf({ database, secrets, bus: busOf(this.parts) }, caller, id);
  }

  @Get('warnings/:id/explanation')
  explanation(@Caller() caller: Principal, @Param('id') id: string) {
    return explain(this.parts.database, caller, id);
  }

  /** Streams end before the server closes: they would hold it open. */
  onModuleDestroy(): void {
    this.#ending.next();
  }
}

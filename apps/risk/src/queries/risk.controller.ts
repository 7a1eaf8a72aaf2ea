import {
  AreaPrefix,
  NewResponsePolicy,
  PaletteName,
  palettes,
  type Palette,
  type Principal,
  type Silences,
} from '@linli/contracts';
import { Caller, queryPipe, zodPipe } from '@linli/service';
import { Body, Controller, Get, Header, HttpCode, Inject, Post, Query } from '@nestjs/common';
import { z } from 'zod';
import { deadlinesOf, PARTS, type Parts } from '../parts.js';
import { register } from '../store/register.js';
import { silences } from '../store/silences.js';
import { silenceView } from '../use-cases/silence.view.js';
import { accuracy, type AccuracyFilter } from './accuracy.js';
import { findIncidents, type IncidentFilter } from './find-incidents.js';
import { digitsOf, riskMap, type MapFilter, type MapLevel } from './map.js';
import { cursor, instant, limit } from './paging.js';
import { policiesOf, policyDifference } from './response-policies.js';
import { waitingSecondLooks } from './second-looks.js';
import { riskCredits, riskSources } from './sources.js';

const period = queryPipe(
  z.object({ area: AreaPrefix.optional(), from: instant.optional(), to: instant.optional() }),
);
const happened = queryPipe(
  z.object({ area: AreaPrefix.optional(), from: instant.optional(), to: instant.optional(), limit, cursor }),
);
const part = queryPipe(
  z.object({
    area: AreaPrefix.optional(),
    level: z.enum(Object.keys(digitsOf) as [MapLevel]).optional(),
  }),
);

const ofSource = queryPipe(z.object({ source: z.string().min(1).max(64).optional() }));

const MOST_SILENCES = 200;

/** What is asked about warnings taken together. */
@Controller('internal/risk')
export class RiskQueries {
  constructor(@Inject(PARTS) private readonly parts: Parts) {}

  @Get('accuracy')
  accuracy(@Caller() caller: Principal, @Query(period) query: AccuracyFilter) {
    return accuracy(this.parts.database, caller, query);
  }

  @Get('incidents')
  incidents(@Caller() caller: Principal, @Query(happened) query: IncidentFilter) {
    return findIncidents(this.parts.database, caller, query);
  }

  @Get('second-looks')
  secondLooks(@Caller() caller: Principal) {
    return waitingSecondLooks(this.parts.database, caller);
  }

  @Get('map')
  @Header('content-type', 'application/geo+json; charset=utf-8')
  map(@Caller() caller: Principal, @Query(part) query: MapFilter) {
    return riskMap(this.parts.database, caller, query);
  }

  @Get('sources')
  sources(@Caller() caller: Principal) {
    return riskSources(this.parts.database, caller, this.parts.clock.now().getTime());
  }

  @Get('credits')
  credits(@Caller() caller: Principal, @Query(ofSource) query: { source?: string }) {
    return riskCredits(this.parts.database, caller, query.source);
  }

  @Get('silences')
  async silences(@Caller() caller: Principal): Promise<Silences> {
    const { database, secrets, clock } = this.parts;
    const found = await database.readAs(caller, (tx) =>
      silences.latest(tx, caller.tenant, caller.areas, MOST_SILENCES),
    );
    return { items: found.map((each) => silenceView(each, secrets, clock.now().getTime())) };
  }

  @Get('response-policy')
  policies(@Caller() caller: Principal) {
    return policiesOf(this.parts.database, caller);
  }

  @Post('response-policy/difference')
  @HttpCode(200)
  policyDifference(@Caller() caller: Principal, @Body(zodPipe(NewResponsePolicy)) body: NewResponsePolicy) {
    const { database } = this.parts;
    return policyDifference({ database, deadlines: deadlinesOf(this.parts) }, caller, body);
  }

  @Get('palette')
  async palette(@Caller() caller: Principal): Promise<Palette> {
    const chosen = await this.parts.database.readAs(caller, (tx) => register.palette(tx, caller.tenant));
    const palette = PaletteName.catch('red-orange-yellow').parse(chosen);
    return { palette, colours: palettes[palette] };
  }
}

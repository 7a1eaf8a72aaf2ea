import type { Principal } from '@linli/contracts';
import { Caller } from '@linli/service';
import { Controller, Get, Inject, Param } from '@nestjs/common';
import { deadlinesOf, PARTS, type Parts } from '../parts.js';
import { deadlinesOfWarning, explainDeadline, type Asked } from './deadlines.js';

/** What is asked about the deadlines of warnings. */
@Controller('internal')
export class DeadlineQueries {
  constructor(@Inject(PARTS) private readonly parts: Parts) {}

  @Get('warnings/:id/deadlines')
  ofWarning(@Caller() caller: Principal, @Param('id') id: string) {
    return deadlinesOfWarning(this.asked(), caller, id);
  }

  @Get('deadlines/:id/explanation')
  explanation(@Caller() caller: Principal, @Param('id') id: string) {
    return explainDeadline(this.asked(), caller, id);
  }

  private asked(): Asked {
    const { database, clock } = this.parts;
    return { database, clock, deadlines: deadlinesOf(this.parts) };
  }
}

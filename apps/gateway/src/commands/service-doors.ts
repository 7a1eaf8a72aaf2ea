import { commandTopics } from '@linli/contracts';
import { refuse, Refused } from '@linli/kernel';
import type { ServiceParts } from '@linli/service';
import type { OnModuleDestroy } from '@nestjs/common';
import { Outcomes } from '../clients/outcomes.js';
import type { Publishing } from '../clients/publishing.js';
import type { ServiceClient } from '../clients/services.js';
import { CommandDoor } from './command-door.js';

/** The way in to each service, for commands that every service takes: those of operators, and calendars. */
export class ServiceDoors implements OnModuleDestroy {
  private readonly doors = new Map<string, CommandDoor>();
  private readonly outcomes: Outcomes[] = [];

  constructor(services: ServiceClient, publishing: Publishing, parts: ServiceParts) {
    for (const [service, topic] of Object.entries(commandTopics)) {
      const outcomes = new Outcomes(services.outcomesOf(service));
      this.outcomes.push(outcomes);
      this.doors.set(service, new CommandDoor(publishing, outcomes, parts, topic));
    }
  }

  /** Refuses (404) a service that there is not. */
  of(service: string): CommandDoor {
    const door = this.doors.get(service);
    if (!door) throw new Refused(refuse('OPS_NOT_FOUND', 'not-found', 'There is no such service.'));
    return door;
  }

  all(): readonly CommandDoor[] {
    return [...this.doors.values()];
  }

  /** Who waits is let go before the server closes. */
  onModuleDestroy(): void {
    for (const outcomes of this.outcomes) outcomes.onModuleDestroy();
  }
}

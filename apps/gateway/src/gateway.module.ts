import type { DynamicModule } from '@nestjs/common';
import type { ServiceParts } from '@linli/service';
import { Keyring } from './access/keyring.js';
import { DocsController } from './api/docs.controller.js';
import { IntakeViews } from './clients/intake-views.js';
import { OutcomeStream } from './clients/outcome-stream.js';
import { OpsClient } from './clients/ops.js';
import { ServiceClient } from './clients/services.js';
import { MOST_WAITING, Outcomes } from './clients/outcomes.js';
import { RiskClient } from './clients/risk.js';
import { ApiKeysController } from './commands/api-keys.controller.js';
import { CalendarsController } from './commands/calendars.controller.js';
import { CommandDoor } from './commands/command-door.js';
import { ServiceDoors } from './commands/service-doors.js';
import { OpsController } from './commands/ops/ops.controller.js';
import { Publishing, type PublishingLimits } from './clients/publishing.js';
import { IncidentsController } from './commands/incidents.controller.js';
import { RegisterController } from './commands/register.controller.js';
import { ResponsePolicyController } from './commands/response-policy.controller.js';
import { Judges } from './commands/risk-events/judges.js';
import { RiskEventsController } from './commands/risk-events/risk-events.controller.js';
import { SecondLooksController } from './commands/second-looks.controller.js';
import { SilencesController } from './commands/silences.controller.js';
import { warningDoors } from './commands/warnings.controller.js';
import { PARTS } from './parts.js';
import { CalendarQueries } from './queries/calendars.controller.js';
import { CatalogueQueries } from './queries/catalogue.controller.js';
import { OpsQueries } from './queries/ops/ops-looking.controller.js';
import { OperationQueries } from './queries/operations.controller.js';
import { riskQueries } from './queries/risk.controller.js';
import { SlaQueries } from './queries/sla.controller.js';
import { RiskEventQueries } from './queries/risk-events.controller.js';
import { WarningStream } from './queries/warning-stream.controller.js';
import { warningQueries } from './queries/warnings.controller.js';
import { ApiKeys } from './store/api-keys.js';

export interface GatewayOptions {
  /** May do everything for the tenant `default`, and make keys for other tenants. */
  readonly bootstrapKey: string;
  readonly publishing?: PublishingLimits;
  /** Queues of alarms in Redis to show to operators; absent: there is no board. */
  readonly board?: { readonly redisUrl: string; readonly queues: readonly string[] };
  /** Requests that may wait for an outcome at once; the others get their 202 at once. */
  readonly mostWaiting?: number;
}

const providersOf = (parts: ServiceParts, options: GatewayOptions) => {
  const risk = new RiskClient(parts);
  const { meters } = parts.metrics;
  const service = 'gateway';
  const outcomes = new Outcomes(
    risk,
    options.mostWaiting ?? MOST_WAITING,
    (waiting) => meters.linli_outcome_waiters.set({ service }, waiting),
    new OutcomeStream('risk', parts),
  );
  const keys = new ApiKeys(parts.database);
  const publishing = new Publishing(parts.log, options.publishing, {
    inFlight(requests, bytes) {
      meters.linli_publish_inflight_requests.set({ service }, requests);
      meters.linli_publish_inflight_bytes.set({ service }, bytes);
    },
    refused: (reason) => meters.linli_publish_refusals_total.inc({ service, reason }),
  });
  const services = new ServiceClient(parts);
  return new Map<unknown, unknown>([
    [PARTS, parts],
    [RiskClient, risk],
    [ServiceClient, services],
    [OpsClient, new OpsClient(services)],
    [ServiceDoors, new ServiceDoors(services, publishing, parts)],
    [Outcomes, outcomes],
    [ApiKeys, keys],
    [Keyring, new Keyring(keys, parts, options.bootstrapKey)],
    [Publishing, publishing],
    [IntakeViews, new IntakeViews(risk, parts.logger)],
    [Judges, new Judges(parts.secrets, parts.logger)],
    [CommandDoor, new CommandDoor(publishing, outcomes, parts)],
  ]);
};

export class GatewayModule {
  static with(parts: ServiceParts, options: GatewayOptions): DynamicModule {
    return {
      module: GatewayModule,
      controllers: [
        RiskEventsController,
        ...warningDoors,
        RegisterController,
        ResponsePolicyController,
        SilencesController,
        IncidentsController,
        SecondLooksController,
        ApiKeysController,
        WarningStream,
        ...warningQueries,
        ...riskQueries,
        RiskEventQueries,
        OperationQueries,
        OpsQueries,
        OpsController,
        CalendarQueries,
        CalendarsController,
        SlaQueries,
        CatalogueQueries,
        DocsController,
      ],
      providers: [...providersOf(parts, options)].map(([provide, useValue]) => ({
        provide: provide as symbol,
        useValue,
      })),
    };
  }
}

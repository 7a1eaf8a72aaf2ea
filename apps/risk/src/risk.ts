import { RISK_COMMANDS, RISK_INTAKE, RISK_WARNINGS } from '@linli/contracts';
import type { ServiceDefinition } from '@linli/service';
import { unpackIntake } from './consumers/unpack-intake.js';
import { warningClocks } from './deadlines/ladders.js';
import { RiskModule } from './risk.module.js';
import { quarantine } from './store/quarantine.js';
import { migrations, SCHEMA } from './store/schema.js';
import { countSilentSources, silentSourcesAttention } from './use-cases/silent-sources.js';

/** Signals in, three-colour warnings out. */
export const risk: ServiceDefinition = {
  name: 'risk',
  schema: SCHEMA,
  migrations,
  consumes: [
    { topic: RISK_INTAKE, kind: 'stream', unpack: unpackIntake },
    { topic: RISK_COMMANDS, kind: 'commands' },
  ],
  tells: [RISK_WARNINGS, RISK_COMMANDS],
  deadlines: warningClocks,
  module: (parts) => RiskModule.with(parts),
  figures: async (parts) => ({
    quarantined: await quarantine.size(parts.database.connection('http')),
    silentSources: await countSilentSources(parts),
  }),
  attention: silentSourcesAttention,
};

import { busMigrations, macSigner, openBus, type Anchoring, type Bus, type BusWatch } from '@linli/bus';
import type { Database } from '@linli/store';
import { commandSigner } from './command-signer.js';
import type { Platform, ServiceDefinition } from './service.js';

/** Sealed with a key of its own, which is not in the database. */
const anchoringOf = ({ anchors, secrets }: Platform, service: string): { anchoring?: Anchoring } =>
  anchors
    ? { anchoring: { sink: anchors(service), signer: macSigner((text) => secrets.mac('anchors', text)) } }
    : {};

/** The database of a service and, when it consumes or tells, its bus. */
export const openServiceBus = async (
  definition: ServiceDefinition,
  platform: Platform,
  watch?: BusWatch,
): Promise<{ database: Database; bus: Bus | null }> => {
  const { name, schema, migrations, consumes, tells } = definition;
  if (consumes.length === 0 && tells.length === 0) {
    return { database: await platform.openDatabase(schema, migrations), bus: null };
  }
  const database = await platform.openDatabase(schema, [...busMigrations, ...migrations]);
  const { log, clock, ids, logger } = platform;
  const signer = commandSigner(platform.secrets);
  try {
    return {
      database,
      bus: await openBus({
        ...{ service: name, log, clock, ids, signer, consumes, tells, logger, database },
        ...(watch && { watch }),
        ...anchoringOf(platform, name),
      }),
    };
  } catch (error) {
    await database.close();
    throw error;
  }
};

import { busMigrations, macSigner, openBus, type Anchoring, type Bus, type BusWatch } from '@linli/bus';
import {
  calendarHandlers,
  calendarMigrations,
  WorkingCalendars,
  postgresCalendarStore,
} from '@linli/deadlines';
import type { Database, MigrationClass, Transaction } from '@linli/store';
import { commandSigner } from './command-signer.js';
import type { Platform, ServiceDefinition } from './service.js';

/** Sealed with a key of its own, which is not in the database. */
const anchoringOf = ({ anchors, secrets }: Platform, service: string): { anchoring?: Anchoring } =>
  anchors
    ? { anchoring: { sink: anchors(service), signer: macSigner((text) => secrets.mac('anchors', text)) } }
    : {};

/** The migrations of a service with a bus: those of the kits, then its own. */
export const serviceMigrations = (own: readonly MigrationClass[]): readonly MigrationClass[] => [
  ...busMigrations,
  ...calendarMigrations,
  ...own,
];

/** What a service has besides HTTP: its database and, when it consumes or tells, its bus and its calendars. */
export type OpenedService =
  | { readonly database: Database; readonly bus: null; readonly calendars: null }
  | { readonly database: Database; readonly bus: Bus; readonly calendars: WorkingCalendars<Transaction> };

export const openServiceBus = async (
  definition: ServiceDefinition,
  platform: Platform,
  watch?: BusWatch,
): Promise<OpenedService> => {
  const { name, schema, migrations, consumes, tells } = definition;
  if (consumes.length === 0 && tells.length === 0) {
    return { database: await platform.openDatabase(schema, migrations), bus: null, calendars: null };
  }
  const database = await platform.openDatabase(schema, serviceMigrations(migrations));
  const calendars = new WorkingCalendars(postgresCalendarStore);
  const { log, clock, ids, logger } = platform;
  const signer = commandSigner(platform.secrets);
  try {
    return {
      ...{ database, calendars },
      bus: await openBus({
        commands: calendarHandlers(name, calendars),
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

import { busMigrations, macSigner, openBus, type Anchoring, type Bus, type BusWatch } from '@linli/bus';
import {
  calendarHandlers,
  calendarMigrations,
  deadlineMigrations,
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

const hasBus = ({ consumes, tells }: Pick<ServiceDefinition, 'consumes' | 'tells'>): boolean =>
  consumes.length + tells.length > 0;

/** All migrations of a service: those of the kits that it stands on, then its own. */
export const serviceMigrations = (
  service: Pick<ServiceDefinition, 'migrations' | 'consumes' | 'tells' | 'deadlines'>,
): readonly MigrationClass[] =>
  hasBus(service)
    ? [
        ...busMigrations,
        ...calendarMigrations,
        ...(service.deadlines ? deadlineMigrations : []),
        ...service.migrations,
      ]
    : service.migrations;

/** What a service has besides HTTP: its database and, when it consumes or tells, its bus and its calendars. */
export type OpenedService =
  | { readonly database: Database; readonly bus: null; readonly calendars: null }
  | { readonly database: Database; readonly bus: Bus; readonly calendars: WorkingCalendars<Transaction> };

export const openServiceBus = async (
  definition: ServiceDefinition,
  platform: Platform,
  watch?: BusWatch,
): Promise<OpenedService> => {
  const { name, schema, consumes, tells } = definition;
  const database = await platform.openDatabase(schema, serviceMigrations(definition));
  if (!hasBus(definition)) return { database, bus: null, calendars: null };
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

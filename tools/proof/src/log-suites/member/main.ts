import 'reflect-metadata';
import { anchorFile, busMigrations, kafkaLog, openBus, type Bus, type Consumes } from '@linli/bus';
import { systemClock, systemIds } from '@linli/kernel';
import { guardLoop, openLogger } from '@linli/service';
import { openDatabase } from '@linli/store';
import { Module, type DynamicModule, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { pino } from 'pino';
import { Hearer, storer, teller } from './doors.js';
import { healOver, listen } from './http.js';
import { settingsFrom, type MemberSettings } from './settings.js';
import { signer } from './signer.js';
import { memberMigrations } from './tables.js';

@Module({})
class Member {}

const consumesOf = ({ commands, hears, intake }: MemberSettings): Consumes[] => [
  ...(commands ? [{ topic: commands, kind: 'commands' as const }] : []),
  ...(hears ? [{ topic: hears, kind: 'facts' as const }] : []),
  ...(intake ? [{ topic: intake, kind: 'stream' as const }] : []),
];

const controllersOf = ({ commands, tells, hears, intake }: MemberSettings): Type[] => [
  ...(commands ? [teller(tells)] : []),
  ...(hears ? [Hearer] : []),
  ...(intake ? [storer(intake)] : []),
];

const open = async (settings: MemberSettings): Promise<Bus> => {
  const { service, databaseUrl, schema, brokers, tells, healFrom } = settings;
  const logger = openLogger('warn', pino.destination(2));
  const migrations = [...busMigrations, ...memberMigrations];
  const database = await openDatabase({ url: databaseUrl, schema, migrations, allowUnsafe: true });
  return openBus({
    ...{ service, database, signer, logger, clock: systemClock, ids: systemIds },
    log: kafkaLog({ brokers, clientId: service, logger }),
    consumes: consumesOf(settings),
    tells: tells ? [tells] : [],
    ...(settings.anchors !== null && { anchoring: { sink: anchorFile(settings.anchors), signer } }),
    ...(healFrom !== null && { heal: healOver(healFrom) }),
  });
};

const consume = async (bus: Bus, settings: MemberSettings): Promise<() => Promise<void>> => {
  const module: DynamicModule = { module: Member, controllers: controllersOf(settings) };
  const app = await NestFactory.createMicroservice(module, { strategy: bus.strategy, logger: ['error'] });
  await app.listen();
  return () => app.close();
};

/** A small service, made as the real ones are; says where it answers once it works. */
const run = async (): Promise<void> => {
  const settings = settingsFrom(process.env);
  if (settings.stuckAfterMs > 0) guardLoop(settings.stuckAfterMs);
  const bus = await open(settings);
  const leave = consumesOf(settings).length > 0 ? await consume(bus, settings) : () => Promise.resolve();
  const url = await listen(bus, settings.port);
  process.once('SIGTERM', () => {
    void (async () => {
      await bus.drain();
      await leave();
      await bus.close();
      process.exit(0);
    })();
  });
  process.stdout.write(`ready at ${url}\n`);
};

await run();

import 'reflect-metadata';
import { busMigrations, kafkaLog, logMigrations, openBus, postgresLog, type Bus, type Log } from '@linli/bus';
import {
  backlogOf,
  bullmqAlarm,
  deadlineMigrations,
  MemoryCalendars,
  openDeadlines,
  postgresDeadlineStore,
  timerAlarm,
  usualHours,
  WorkingCalendar,
  type Alarm,
  type Deadlines,
} from '@linli/deadlines';
import { systemClock, systemIds } from '@linli/kernel';
import { openLogger } from '@linli/service';
import { openDatabase, type Database, type Transaction } from '@linli/store';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { pino } from 'pino';
import { signer } from '../../log-suites/member/signer.js';
import { aggregate, REACH } from './doors.js';
import { PLAIN, settingsFrom, STAIRS, stairs, type MemberSettings, type MemberState } from './settings.js';
import { answerWith } from './state.js';
import { striker, type Strike } from './strike.js';
import { memberMigrations } from './tables.js';

@Module({})
class Member {}

const logger = openLogger('warn', pino.destination(2));
const counted = { rings: 0, sweepsFailed: 0 };

const openLog = async ({ brokers, databaseUrl: url }: MemberSettings): Promise<Log> => {
  if (brokers) return kafkaLog({ brokers: [...brokers], clientId: 'proof', logger });
  const database = await openDatabase({ url, schema: 'log', migrations: logMigrations, allowUnsafe: true });
  return postgresLog({ database, logger });
};

const openAlarm = async ({ redisUrl, commands }: MemberSettings): Promise<Alarm> => {
  const queue = `sla-${commands.name}`;
  const alarm = redisUrl === null ? timerAlarm() : await bullmqAlarm({ queue, redisUrl });
  return {
    set: (times) => alarm.set(times),
    faults: () => alarm.faults(),
    close: () => alarm.close(),
    start: (ring) =>
      alarm.start((id) => {
        counted.rings += 1;
        return ring(id);
      }),
  };
};

const open = async (
  bus: Bus,
  database: Database,
  settings: MemberSettings,
  strike: Strike,
): Promise<Deadlines<Transaction>> => {
  const calendar = new WorkingCalendar({ version: 'proof', hours: usualHours, years: [] });
  return openDeadlines<Transaction>({
    ...{ topic: settings.commands.name, type: REACH, store: postgresDeadlineStore(database) },
    calendars: new MemoryCalendars().add('default', calendar),
    send: async (tx, commands) => {
      const wake = await bus.send(tx, commands);
      if (commands.length > 0) strike('in-sweep');
      return wake;
    },
    backlog: backlogOf(bus, settings.commands),
    alarm: await openAlarm(settings),
    ...{ clocks: { [PLAIN]: 'none', [STAIRS]: 'none' }, ladders: [stairs] },
    watch: { taken: () => undefined, failed: () => void (counted.sweepsFailed += 1) },
  });
};

/** A service with deadlines, made as the real ones are; says where it answers once it works. */
const run = async (): Promise<void> => {
  const settings = settingsFrom(process.env);
  const strike = striker(settings.strikeFile);
  const migrations = [...busMigrations, ...deadlineMigrations, ...memberMigrations];
  const { databaseUrl: url, schema, commands } = settings;
  const database = await openDatabase({ url, schema, migrations, allowUnsafe: true });
  const bus = await openBus({
    ...{ service: schema, database, signer, logger, clock: systemClock, ids: systemIds },
    log: await openLog(settings),
    consumes: [{ topic: commands, kind: 'commands' }],
    tells: [commands],
    // Its handlers ask one by one. What a transaction holds of deadlines nobody else takes meanwhile.
    limits: { records: 20 },
  });
  const deadlines = await open(bus, database, settings, strike);
  const module = { module: Member, controllers: [aggregate(deadlines, strike)] };
  const app = await NestFactory.createMicroservice(module, { strategy: bus.strategy, logger: ['error'] });
  await app.listen();
  const state = async (): Promise<MemberState> => {
    const { alarmsLost } = await deadlines.figures();
    return { now: Date.now(), alarmsLost, ...counted };
  };
  process.once('SIGTERM', () => {
    void (async () => {
      await deadlines.close();
      await bus.drain();
      await app.close();
      await bus.close();
      process.exit(0);
    })();
  });
  process.stdout.write(`ready at ${await answerWith(state)}\n`);
};

await run();

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { CommandHandler, memoryLog, type Answer, type Handling } from '@linli/bus';
import {
  DeadlineReached,
  type Command,
  type Principal,
  type ServiceStatus,
  type TopicSpec,
} from '@linli/contracts';
import type { Alarm, AlarmTime } from '@linli/deadlines';
import { systemClock, systemIds, systemRandom } from '@linli/kernel';
import { openDatabase } from '@linli/store';
import { embeddedDatabase, eventually } from '@linli/testing';
import { pino } from 'pino';
import { localSignals } from '../local-signals.js';
import { signPrincipal } from '../principal/signed-principal.js';
import { secretsFrom } from '../secrets.js';
import type { Platform, ServiceDefinition, ServiceParts } from '../service.js';
import { startService } from '../start-service.js';

const COMMANDS: TopicSpec = { name: 'mill.commands.v1', partitions: 2, holds: 'commands' };
const secrets = secretsFrom('a master secret of a test, 32 characters and more');
const id = '00000000-0000-4000-8000-000000000001';
const MINUTE = 60_000;
const operator: Principal = {
  ...{ tenant: 'yuhang', keyId: 'k', name: 'night shift', scopes: ['ops'], areas: null },
};

const heard: string[] = [];
let parts: ServiceParts;

@Controller()
class Mill {
  @CommandHandler('mill.reach-deadline')
  async hear(@Payload() command: Command, @Ctx() handling: Handling): Promise<Answer> {
    const firing = DeadlineReached.parse(command.data);
    if (await parts.deadlines?.reached(handling, command.tenant, firing)) heard.push(firing.name);
    return { resource: null, version: 1 };
  }
}
class MillModule {}

const mill = (rungs: readonly object[]): ServiceDefinition => ({
  ...{ name: 'mill', schema: 'mill', migrations: [] },
  ...{ consumes: [{ topic: COMMANDS, kind: 'commands' }], tells: [COMMANDS] },
  deadlines: {
    ...{ topic: COMMANDS, type: 'mill.reach-deadline', clocks: { K_GRIND: 'none' } },
    ladders: [{ clock: 'K_GRIND', top: 0, rungs: rungs as never }],
  },
  module(all) {
    parts = all;
    return { module: MillModule, controllers: [Mill] };
  },
});
const due = { name: 'due', at: 'due', level: 0 };

let server: Awaited<ReturnType<typeof embeddedDatabase>>;
let platform: Platform;
const alarms: AlarmTime[] = [];
const closed: string[] = [];
const alarm: Alarm = {
  set: (times) => void alarms.push(...times),
  start: () => undefined,
  faults: () => ({ lost: 0, last: null }),
  close: () => Promise.resolve(void closed.push('alarm')),
};

beforeAll(async () => {
  server = await embeddedDatabase();
  platform = {
    ...{ clock: systemClock, ids: systemIds, random: systemRandom, secrets, signals: localSignals() },
    log: memoryLog({ clock: systemClock }),
    logger: pino({ level: 'silent' }),
    alarm: (service) => (service === 'mill' ? Promise.resolve(alarm) : Promise.reject(new Error(service))),
    openDatabase: async (schema, migrations) => {
      const database = await openDatabase({ url: server.url, schema, migrations, allowUnsafe: true });
      const close = database.close.bind(database);
      return Object.assign(database, { close: () => close().then(() => void closed.push('database')) });
    },
  };
});
afterAll(() => server.stop());

const start = (rungs: readonly object[]) =>
  startService(mill(rungs), platform, { port: 0, host: '127.0.0.1', urlOf: () => 'http://127.0.0.1:1' });

describe('a service that keeps deadlines', () => {
  it('does not start with a ladder that can never do what it says, names the reason and leaves nothing open', async () => {
    closed.length = 0;
    const late = { name: 'half', at: { percent: 50 }, level: 0 };
    await expect(start([due, late])).rejects.toThrow(
      'deadlines cannot be opened: the ladder of K_GRIND: due and half are not in the order of time: the due time, 50 %',
    );
    expect(closed).toEqual(['alarm', 'database']);
  });

  it('fires what a handler armed, sets its alarm, shows it to operators, and ends it before its bus', async () => {
    const service = await start([{ name: 'half', at: { percent: 50 }, level: 0 }, due]);
    const wanted = {
      ...{ id, tenant: 'yuhang', area: null, unit: null, aggregateId: id, clock: 'K_GRIND' },
      ...{ budget: { basis: 'wall', amount: 1, unit: 'minutes' } as const, calendar: 'default' },
      from: systemClock.now().getTime() - MINUTE,
    };
    await parts.database.transaction('http', (tx) => {
      const handling = { tx, appendedAt: systemClock.now(), afterCommit: (work: () => void) => work() };
      return parts.deadlines?.arm(handling, [wanted], { by: 'spec', reason: 'a spec' }) ?? Promise.reject();
    });
    await eventually(() => Promise.resolve(heard.length === 2), { withinMs: 10_000, what: 'two firings' });
    expect(heard).toEqual(['half', 'due']);
    expect(alarms[0]).toMatchObject({ deadlineId: id, rung: 0 });
    const page = await (await fetch(`${service.url}/metrics`)).text();
    expect(page).toContain('linli_deadlines_overdue{service="mill"} 0');
    expect(page).toContain('linli_deadline_firing_lateness_seconds_count{service="mill"} 2');
    const headers = { 'linli-principal': signPrincipal(secrets, operator) };
    const status = (await (
      await fetch(`${service.url}/internal/ops/status`, { headers })
    ).json()) as ServiceStatus;
    expect(status.figures).toMatchObject({ deadlinesArmed: 0, deadlinesOverdue: 0, deadlinesProvisional: 0 });
    closed.length = 0;
    await service.stop();
    expect(closed).toEqual(['alarm', 'database']);
  });

  it('has an import of a calendar move them', async () => {
    const service = await start([due]);
    expect(parts.calendars?.deadlines).toEqual([parts.deadlines]);
    await service.stop();
  });
});
